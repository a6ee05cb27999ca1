-- The way that the person chose. Removed when they leave it to Relevo again, and when it ends.
CREATE TABLE failover_choice (
  account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
  route TEXT NOT NULL CHECK (route IN ('primary', 'continuity')),
  chosen_at INTEGER NOT NULL
) STRICT;

-- A bulletin is not the only one who holds an account on its way any more.
UPDATE failover_state SET state = replace(state, '"isDeclared":true', '"heldBy":"bulletin"');
