-- No person holds a case role beside an oversight role, whatever writes the table.
CREATE FUNCTION tongdian_separate_roles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    case_roles text[] := ARRAY['clerk', 'engineer', 'fieldworker', 'lead', 'officer'];
    oversight_roles text[] := ARRAY['supervisor', 'auditor', 'administrator'];
BEGIN
    IF NEW.revoked_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM identity_user WHERE id = NEW.user_id FOR UPDATE;
    IF EXISTS (
        SELECT 1 FROM identity_rolegrant g
        WHERE g.user_id = NEW.user_id AND g.id <> NEW.id AND g.revoked_at IS NULL
          AND ((NEW.role = ANY (case_roles) AND g.role = ANY (oversight_roles))
            OR (NEW.role = ANY (oversight_roles) AND g.role = ANY (case_roles))
            OR (NEW.role = 'administrator' AND g.role IN ('supervisor', 'auditor'))
            OR (g.role = 'administrator' AND NEW.role IN ('supervisor', 'auditor')))
    ) THEN
        RAISE EXCEPTION 'role % may not be joined with the roles this person holds', NEW.role
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rolegrant_separate BEFORE INSERT OR UPDATE ON identity_rolegrant
    FOR EACH ROW EXECUTE FUNCTION tongdian_separate_roles();

CREATE FUNCTION tongdian_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON identity_auditentry
    FOR EACH ROW EXECUTE FUNCTION tongdian_audit_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON identity_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION tongdian_audit_append_only();
