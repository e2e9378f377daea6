from django.db import migrations

# Set-based inserts make their ids in the database; the same time-ordered shape as `clinic.models.base.uuid7`
# (RFC 9562, version 7). PostgreSQL has one of its own only from version 18.
CREATE = """
CREATE FUNCTION clinic_uuid7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        set_bit(set_bit(
            overlay(uuid_send(gen_random_uuid())
                    placing substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                    FROM 1 FOR 6),
            52, 1), 53, 1),
        'hex')::uuid
$$
"""


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION clinic_uuid7()")]
