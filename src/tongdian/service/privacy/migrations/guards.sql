-- The read log: no update, no truncate, and no delete before the term of three years is over.
CREATE FUNCTION privacy_guard_reads() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < clock_timestamp() - interval '3 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER read_append_only BEFORE UPDATE OR DELETE ON privacy_readrecord
    FOR EACH ROW EXECUTE FUNCTION privacy_guard_reads();
CREATE TRIGGER read_no_truncate BEFORE TRUNCATE ON privacy_readrecord
    FOR EACH STATEMENT EXECUTE FUNCTION privacy_guard_reads();

-- The web role may not delete from the table: this is the only way, and it takes only what is old.
CREATE FUNCTION privacy_expire_reads() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
BEGIN
    DELETE FROM privacy_readrecord WHERE at < clock_timestamp() - interval '3 years';
    GET DIAGNOSTICS gone = ROW_COUNT;
    RETURN gone;
END $$;
