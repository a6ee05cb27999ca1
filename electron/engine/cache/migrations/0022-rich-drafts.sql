-- What is written richly, and the HTML that it quotes, both as the window has cleaned them. Without html: plain text.
ALTER TABLE draft ADD COLUMN html TEXT;
ALTER TABLE draft ADD COLUMN quoted_html TEXT;
-- By which the HTML shows it as a picture.
ALTER TABLE draft_attachment ADD COLUMN content_id TEXT;
