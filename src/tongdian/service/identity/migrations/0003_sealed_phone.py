"""Telephone numbers of accounts are kept sealed."""

from django.db import migrations

from tongdian.service.sealing.conversion import sealing_of
from tongdian.service.sealing.fields import EncryptedText


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_guards")]

    operations = sealing_of(
        "user",
        "identity_user",
        "phone",
        EncryptedText(blank=True, max_length=20, verbose_name="手机号码"),
        empty=b"",
    )
