"""What is typed into an application is kept sealed."""

from django.db import migrations

from tongdian.service.sealing.conversion import sealing_of
from tongdian.service.sealing.fields import EncryptedJSON


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = sealing_of(
        "draft", "portal_draft", "answers", EncryptedJSON(default=dict), empty=None
    )
