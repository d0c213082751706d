#!/bin/sh
# Makes the database's two roles: udb_ejer owns the tables, udb_tjeneste serves and may only add to the read log
# (docs/laeselog.md). No role but the owner may make tables, not even temporary ones.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set ejer="$EJER_PASSWORD" --set tjeneste="$TJENESTE_PASSWORD" --set db="$POSTGRES_DB" <<'SQL'
CREATE ROLE udb_ejer LOGIN PASSWORD :'ejer';
CREATE ROLE udb_tjeneste LOGIN PASSWORD :'tjeneste';
ALTER DATABASE :"db" OWNER TO udb_ejer;
ALTER SCHEMA public OWNER TO udb_ejer;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON DATABASE :"db" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"db" TO udb_tjeneste;
SQL
