-- Where the sign-in at each provider stands. reason: why the person is asked to sign in again; NULL: they are not.
CREATE TABLE sign_in (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  provider TEXT NOT NULL CHECK (provider IN ('exchange', 'continuity')),
  accepted_at INTEGER,
  refused_at INTEGER,
  reason TEXT CHECK (reason IN ('missing', 'refused', 'interaction', 'revoked')),
  PRIMARY KEY (account_id, provider),
  CHECK ((reason IS NULL) = (refused_at IS NULL))
) STRICT, WITHOUT ROWID;
