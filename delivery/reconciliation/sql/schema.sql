-- Message-IDs and recipients are compared without brackets and white space, recipients in small letters; what is shown
-- is as it was written. Postfix cuts a line at 2,000 bytes, so only the beginning of an id can be compared.
CREATE MACRO id_of(message_id) AS left(trim(coalesce(message_id, ''), E'<> \t\r'), 1000);
CREATE MACRO person(recipient) AS lower(trim(coalesce(recipient, ''), E'<> \t\r'));
CREATE MACRO local_part(person) AS split_part(person, '@', 1);
CREATE MACRO domain_part(person) AS split_part(person, '@', -1);

CREATE TABLE files (number USMALLINT, name VARCHAR, kind VARCHAR, side VARCHAR, is_unreadable BOOLEAN DEFAULT false);
