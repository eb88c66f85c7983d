-- Personal data goes only together with an event of the case that says so, written in the same
-- transaction and naming this event. What the case row shows of the application goes with it.
CREATE OR REPLACE FUNCTION tongdian_guard_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    reason text := current_setting('tongdian.erasure_reason', true);
    erased_by text := current_setting('tongdian.erasure_by', true);
BEGIN
    IF coalesce(reason, '') = '' OR coalesce(erased_by, '') = ''
       OR NEW.personal IS NOT NULL OR NEW.salt IS NOT NULL
       OR (to_jsonb(NEW) - 'personal' - 'salt') <> (to_jsonb(OLD) - 'personal' - 'salt') THEN
        RAISE EXCEPTION 'table casework_event is append-only: UPDATE refused'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM casework_event
        WHERE case_id = OLD.case_id AND kind = 'personal_data_erased'
          AND transaction = pg_current_xact_id()::text::bigint
          AND payload -> 'events' @> to_jsonb(OLD.seq);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'erasure refused: no event personal_data_erased names event % of case %',
            OLD.seq, OLD.case_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    INSERT INTO casework_erasure (event_id, erased_at, erased_by, reason)
        VALUES (OLD.id, clock_timestamp(), erased_by, reason);
    IF OLD.seq = 1 THEN
        UPDATE casework_case
            SET applicant_masked = '—', address_masked = '—', applicant_digest = ''
            WHERE id = OLD.case_id;
    END IF;
    RETURN NEW;
END $$;

-- A file that was received stays the file it was, and on the case that it came to.
CREATE FUNCTION tongdian_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.digest <> OLD.digest OR NEW.id <> OLD.id
       OR (OLD.case_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM OLD.case_id)
       OR (OLD.erased_at IS NOT NULL AND NEW.erased_at IS DISTINCT FROM OLD.erased_at) THEN
        RAISE EXCEPTION 'table casework_evidence: another digest or case is refused'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_stays BEFORE UPDATE ON casework_evidence
    FOR EACH ROW EXECUTE FUNCTION tongdian_guard_evidence();

CREATE FUNCTION tongdian_keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.case_id IS NOT NULL THEN
        RAISE EXCEPTION 'table casework_evidence: a file of a case is refused to be deleted'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER evidence_of_a_case_stays BEFORE DELETE ON casework_evidence
    FOR EACH ROW EXECUTE FUNCTION tongdian_keep_evidence();
