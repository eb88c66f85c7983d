CREATE SEQUENCE IF NOT EXISTS case_serial;

CREATE FUNCTION tongdian_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

-- Events: no delete, no truncate, no update but the erasure of personal data, which audits itself.
CREATE FUNCTION tongdian_guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reason text := current_setting('tongdian.erasure_reason', true);
    erased_by text := current_setting('tongdian.erasure_by', true);
BEGIN
    IF coalesce(reason, '') <> '' AND coalesce(erased_by, '') <> ''
       AND NEW.personal IS NULL AND NEW.salt IS NULL
       AND (to_jsonb(NEW) - 'personal' - 'salt') = (to_jsonb(OLD) - 'personal' - 'salt') THEN
        INSERT INTO casework_erasure (event_id, erased_at, erased_by, reason)
            VALUES (OLD.id, clock_timestamp(), erased_by, reason);
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'table casework_event is append-only: UPDATE refused'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER event_no_update BEFORE UPDATE ON casework_event
    FOR EACH ROW EXECUTE FUNCTION tongdian_guard_event();
CREATE TRIGGER event_no_delete BEFORE DELETE ON casework_event
    FOR EACH ROW EXECUTE FUNCTION tongdian_refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON casework_event
    FOR EACH STATEMENT EXECUTE FUNCTION tongdian_refuse_change();

-- The web role cannot record an event at another time than now: no clock starts late or early.
CREATE FUNCTION tongdian_guard_recorded_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF session_user = 'tongdian_web'
       AND abs(extract(epoch FROM NEW.recorded_at - clock_timestamp())) > 120 THEN
        RAISE EXCEPTION 'recorded_at % is not the present', NEW.recorded_at
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER event_recorded_now BEFORE INSERT ON casework_event
    FOR EACH ROW EXECUTE FUNCTION tongdian_guard_recorded_at();

-- The chain has no gap: each event follows the one before it, by number and by hash. The number of
-- the transaction, by which the sequencer finds new events, is the database's own to say.
CREATE FUNCTION tongdian_guard_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    expected bytea := decode(repeat('00', 32), 'hex');
BEGIN
    IF NEW.seq > 1 THEN
        SELECT hash INTO expected FROM casework_event
            WHERE case_id = NEW.case_id AND seq = NEW.seq - 1;
    END IF;
    IF NEW.seq < 1 OR expected IS NULL OR expected <> NEW.previous_hash THEN
        RAISE EXCEPTION 'event % of case % does not follow the one before it', NEW.seq, NEW.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.transaction := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER event_chain BEFORE INSERT ON casework_event
    FOR EACH ROW EXECUTE FUNCTION tongdian_guard_chain();

-- The log: leaves and heads never change; a tile only grows.
CREATE TRIGGER leaf_append_only BEFORE UPDATE OR DELETE ON casework_logleaf
    FOR EACH ROW EXECUTE FUNCTION tongdian_refuse_change();
CREATE TRIGGER leaf_no_truncate BEFORE TRUNCATE ON casework_logleaf
    FOR EACH STATEMENT EXECUTE FUNCTION tongdian_refuse_change();
CREATE TRIGGER head_append_only BEFORE UPDATE OR DELETE ON casework_treehead
    FOR EACH ROW EXECUTE FUNCTION tongdian_refuse_change();
CREATE TRIGGER head_no_truncate BEFORE TRUNCATE ON casework_treehead
    FOR EACH STATEMENT EXECUTE FUNCTION tongdian_refuse_change();
CREATE TRIGGER erasure_append_only BEFORE UPDATE OR DELETE ON casework_erasure
    FOR EACH ROW EXECUTE FUNCTION tongdian_refuse_change();
CREATE TRIGGER erasure_no_truncate BEFORE TRUNCATE ON casework_erasure
    FOR EACH STATEMENT EXECUTE FUNCTION tongdian_refuse_change();

CREATE FUNCTION tongdian_guard_tile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.level <> OLD.level OR NEW.index <> OLD.index
       OR substring(NEW.hashes FROM 1 FOR octet_length(OLD.hashes)) <> OLD.hashes THEN
        RAISE EXCEPTION 'table casework_logtile only grows: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tile_only_grows BEFORE UPDATE OR DELETE ON casework_logtile
    FOR EACH ROW EXECUTE FUNCTION tongdian_guard_tile();
CREATE TRIGGER tile_no_truncate BEFORE TRUNCATE ON casework_logtile
    FOR EACH STATEMENT EXECUTE FUNCTION tongdian_refuse_change();

-- The one audited door.
CREATE FUNCTION tongdian_erase_personal(wanted bigint, by_whom text, why text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF coalesce(by_whom, '') = '' OR coalesce(why, '') = '' THEN
        RAISE EXCEPTION 'an erasure needs a name and a reason';
    END IF;
    PERFORM set_config('tongdian.erasure_by', by_whom, true);
    PERFORM set_config('tongdian.erasure_reason', why, true);
    UPDATE casework_event SET personal = NULL, salt = NULL
        WHERE id = wanted AND personal IS NOT NULL;
    PERFORM set_config('tongdian.erasure_by', '', true);
    PERFORM set_config('tongdian.erasure_reason', '', true);
END $$;
