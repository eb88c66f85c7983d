-- The board counts a year of cases from these two alone, without touching a case's row.
CREATE INDEX board_closed ON casework_case (closed_at)
    INCLUDE (track, district, office, outcome, late, breached, channel, whole_process_days,
             utility_days, government_days, calendar_days, steps)
    WHERE closed_at IS NOT NULL;
CREATE INDEX board_opened ON casework_case (opened_at) INCLUDE (track, district, office);

-- The same paper, contract or meter on two cases: looked up by what it is called.
CREATE INDEX supervision_paper ON casework_event
    ((coalesce(payload->>'digest', payload->>'contract_number', payload->>'meter_number')))
    WHERE kind IN ('evidence_added', 'contract_recorded', 'meter_installed');
