-- Mail of drills that may still lie in continuity's mailbox. Noted before it leaves, forgotten when it was taken away.
CREATE TABLE drill_mail (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  internet_message_id TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, internet_message_id)
) STRICT;

-- What was looked up besides when a laptop last rehearsed: the domain's records, the provider's clock.
CREATE TABLE readiness_fact (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (name IN ('domain', 'clock')),
  looked_at INTEGER NOT NULL,
  fact TEXT NOT NULL CHECK (json_valid(fact)),
  PRIMARY KEY (account_id, name)
) STRICT;

-- How drills that everybody saw went here, each window of its own. `reported_at`: the provider has it.
CREATE TABLE visible_drill (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  matter TEXT NOT NULL,
  begins_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  tried_at INTEGER NOT NULL,
  error TEXT CHECK (json_valid(error)),
  reported_at INTEGER,
  PRIMARY KEY (account_id, matter, begins_at)
) STRICT;
