-- Claims and settlements pay for what they change only: the same rules for work as before, with less at each update.
-- works from: 2
-- Postgres reads every CHECK of a table from the catalogue anew for each statement that updates it, whichever columns
-- that changes; with eleven of them on `work` that was a tenth of a claim. What claims change is held by one CHECK now.
-- What stays as it was made is held by a trigger that neither a claim nor a settlement sets off. It comes after the
-- row: one that came before would lock each row that is updated.

CREATE FUNCTION vitality_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a row of % breaks a rule: %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'check_violation';
END $$;
COMMENT ON FUNCTION vitality_refuse IS 'For triggers whose WHEN says what a row must not be.';

ALTER TABLE work
    ADD CONSTRAINT work_state_sound CHECK (
        CASE state
            WHEN 'waiting' THEN holder IS NULL AND attempt >= 0 AND attempt < max_attempts
            WHEN 'leased' THEN holder IS NOT NULL AND claimed_at IS NOT NULL AND attempt BETWEEN 0 AND max_attempts
            WHEN 'buried' THEN holder IS NULL AND attempt BETWEEN 0 AND max_attempts
            ELSE false
        END),
    DROP CONSTRAINT work_kind_check,
    DROP CONSTRAINT work_subject_check,
    DROP CONSTRAINT work_host_check,
    DROP CONSTRAINT work_priority_check,
    DROP CONSTRAINT work_state_check,
    DROP CONSTRAINT work_term_check,
    DROP CONSTRAINT work_max_attempts_check,
    DROP CONSTRAINT work_check,
    DROP CONSTRAINT work_check1,
    DROP CONSTRAINT work_check2,
    DROP CONSTRAINT work_check3;

CREATE TRIGGER work_facts_sound
AFTER INSERT OR UPDATE OF kind, subject, host, priority, max_attempts ON work FOR EACH ROW
WHEN (NEW.kind NOT IN ('list_dioceses', 'find_directory', 'extract_parishes', 'read_schedule', 'write_report')
      OR NEW.subject = '' OR NEW.host = '' OR NEW.host <> lower(NEW.host)
      OR NEW.priority NOT BETWEEN 0 AND 3 OR NEW.max_attempts NOT BETWEEN 1 AND 100)
EXECUTE FUNCTION vitality_refuse('kind, subject, host (in small letters), priority (0 to 3), max_attempts (1 to 100)');

-- History: written by statements of ours only; a day of it is small, and a query by time goes to its days.
ALTER TABLE work_run DROP CONSTRAINT work_run_outcome_check;
DROP INDEX work_run_time;
