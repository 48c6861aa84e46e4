-- Lines that were not understood, out of what is known of messages.
INSERT INTO strange SELECT file, message_id FROM seen WHERE file = $file AND kind = 'strange';

DELETE FROM seen WHERE file = $file AND kind = 'strange';
