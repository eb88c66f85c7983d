"""Identifiers of people, organisations, property, projects and licences.

For each: `parse_x(text)` returns the parts or raises IdentifierError with rule and remedy in
Chinese and English; `make_x` makes valid ones that are recognisably fictitious; `mask_x` hides the
middle.
"""

from tongdian.law.identifiers.check_characters import (
    USCC_ALPHABET,
    check_character_mod_11_10,
    check_character_mod_37_36,
    check_character_organisation_code,
    check_character_resident_id,
    check_character_uscc,
)
from tongdian.law.identifiers.divisions import (
    DISTRICTS,
    GUIYANG,
    GUIYANG_DIVISIONS,
    PROVINCES,
    ZONES,
    Division,
    parse_division,
)
from tongdian.law.identifiers.errors import IdentifierError
from tongdian.law.identifiers.licences import (
    LicenceIdentifier,
    is_fictitious_licence_identifier,
    make_licence_identifier,
    mask_licence_identifier,
    parse_licence_identifier,
)
from tongdian.law.identifiers.organisations import (
    ORGANISATION_KINDS,
    OrganisationCode,
    RegistrationNumber,
    Uscc,
    is_fictitious_organisation_code,
    is_fictitious_registration_number,
    is_fictitious_uscc,
    make_organisation_code,
    make_registration_number,
    make_uscc,
    mask_organisation_code,
    mask_registration_number,
    mask_uscc,
    parse_organisation_code,
    parse_registration_number,
    parse_uscc,
)
from tongdian.law.identifiers.people import (
    ResidentId,
    is_fictitious_resident_id,
    make_resident_id,
    mask_resident_id,
    parse_resident_id,
)
from tongdian.law.identifiers.projects import (
    ProjectCode,
    is_fictitious_project_code,
    make_project_code,
    mask_project_code,
    parse_project_code,
)
from tongdian.law.identifiers.real_estate import (
    FIXTURES,
    OWNERSHIPS,
    RealEstateUnit,
    is_fictitious_real_estate_unit,
    make_real_estate_unit,
    mask_real_estate_unit,
    parse_real_estate_unit,
)
from tongdian.law.identifiers.text import mask, normalise

__all__ = [
    "DISTRICTS",
    "FIXTURES",
    "GUIYANG",
    "GUIYANG_DIVISIONS",
    "ORGANISATION_KINDS",
    "OWNERSHIPS",
    "PROVINCES",
    "USCC_ALPHABET",
    "ZONES",
    "Division",
    "IdentifierError",
    "LicenceIdentifier",
    "OrganisationCode",
    "ProjectCode",
    "RealEstateUnit",
    "RegistrationNumber",
    "ResidentId",
    "Uscc",
    "check_character_mod_11_10",
    "check_character_mod_37_36",
    "check_character_organisation_code",
    "check_character_resident_id",
    "check_character_uscc",
    "is_fictitious_licence_identifier",
    "is_fictitious_organisation_code",
    "is_fictitious_project_code",
    "is_fictitious_real_estate_unit",
    "is_fictitious_registration_number",
    "is_fictitious_resident_id",
    "is_fictitious_uscc",
    "make_licence_identifier",
    "make_organisation_code",
    "make_project_code",
    "make_real_estate_unit",
    "make_registration_number",
    "make_resident_id",
    "make_uscc",
    "mask",
    "mask_licence_identifier",
    "mask_organisation_code",
    "mask_project_code",
    "mask_real_estate_unit",
    "mask_registration_number",
    "mask_resident_id",
    "mask_uscc",
    "normalise",
    "parse_division",
    "parse_licence_identifier",
    "parse_organisation_code",
    "parse_project_code",
    "parse_real_estate_unit",
    "parse_registration_number",
    "parse_resident_id",
    "parse_uscc",
]
