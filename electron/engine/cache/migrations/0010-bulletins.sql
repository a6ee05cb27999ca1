-- An outage may begin by a bulletin or by the person. Foreign keys are not enforced during a migration (database.ts):
-- the journal goes on referring to outages by name.
CREATE TABLE renewed_outage (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  cause TEXT NOT NULL CHECK (
    cause IN (
      'refused', 'hanging', 'closed', 'tls', 'unavailable', 'submission', 'proxy',
      'declared', 'incident', 'drill', 'maintenance', 'chosen'
    )
  )
) STRICT;
INSERT INTO renewed_outage SELECT id, account_id, started_at, ended_at, cause FROM outage;
DROP TABLE outage;
ALTER TABLE renewed_outage RENAME TO outage;
CREATE UNIQUE INDEX outage_of_account ON outage (account_id, id);

-- The newest bulletin on each matter. Never removed: its sequence number refuses those before it.
CREATE TABLE bulletin (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  matter TEXT NOT NULL,
  content TEXT NOT NULL CHECK (json_valid(content)),
  PRIMARY KEY (account_id, matter)
) STRICT, WITHOUT ROWID;

-- Queued messages that the person sends by continuity while sending is held.
CREATE TABLE urgent_message (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  outgoing_id TEXT NOT NULL,
  PRIMARY KEY (account_id, outgoing_id)
) STRICT, WITHOUT ROWID;
