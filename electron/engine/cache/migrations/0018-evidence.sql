-- An outage may begin because Exchange's name is gone, or because nobody can sign in. Foreign keys are not enforced
-- during a migration (database.ts): the journal goes on referring to outages by name.
CREATE TABLE renewed_outage (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  cause TEXT NOT NULL CHECK (
    cause IN (
      'refused', 'hanging', 'closed', 'tls', 'name', 'unavailable', 'submission', 'proxy', 'signIn',
      'declared', 'incident', 'drill', 'maintenance', 'chosen'
    )
  )
) STRICT;
INSERT INTO renewed_outage SELECT id, account_id, started_at, ended_at, cause FROM outage;
DROP TABLE outage;
ALTER TABLE renewed_outage RENAME TO outage;
CREATE UNIQUE INDEX outage_of_account ON outage (account_id, id);

-- How Exchange was reached when it last answered: on which kind of addresses, and in which network this laptop was. What
-- fails elsewhere is no outage.
CREATE TABLE exchange_home (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  addresses TEXT NOT NULL CHECK (addresses IN ('private', 'public', 'own')),
  network TEXT NOT NULL
) STRICT;
