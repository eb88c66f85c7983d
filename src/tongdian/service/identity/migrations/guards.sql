-- No person combines duties of two kinds, whatever writes the table: handling cases, oversight
-- (supervisor, auditor), administration. The lock on the user makes two writers take turns.
CREATE FUNCTION identity_duty(role text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN role IN ('clerk', 'engineer', 'fieldworker', 'lead', 'officer') THEN 'case'
        WHEN role = 'administrator' THEN 'administration'
        ELSE 'oversight'
    END
$$;

CREATE FUNCTION identity_separate_duties() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other text;
BEGIN
    IF NEW.revoked_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM identity_user WHERE id = NEW.user_id FOR UPDATE;
    SELECT g.role INTO other FROM identity_rolegrant g
        WHERE g.user_id = NEW.user_id AND g.id <> NEW.id AND g.revoked_at IS NULL
          AND identity_duty(g.role) <> identity_duty(NEW.role)
        LIMIT 1;
    IF other IS NOT NULL THEN
        RAISE EXCEPTION 'separation of duties: user % is %, so cannot be %',
            NEW.user_id, other, NEW.role
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rolegrant_separate_duties BEFORE INSERT OR UPDATE ON identity_rolegrant
    FOR EACH ROW EXECUTE FUNCTION identity_separate_duties();

-- A grant is history: it can be revoked once, and nothing else about it ever changes.
CREATE FUNCTION identity_guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL
       AND (to_jsonb(NEW) - 'revoked_at' - 'revoked_by')
         = (to_jsonb(OLD) - 'revoked_at' - 'revoked_by') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a role grant can only be revoked: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER rolegrant_is_history BEFORE UPDATE OR DELETE ON identity_rolegrant
    FOR EACH ROW EXECUTE FUNCTION identity_guard_grant();

-- The audit: no update, no delete, no truncate.
CREATE FUNCTION identity_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON identity_auditentry
    FOR EACH ROW EXECUTE FUNCTION identity_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON identity_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION identity_refuse_change();
