-- What an import of opportunities fills, filled by sqlite3 itself: the denominator of the figure import.csv.
--
-- It runs alone, in a folder with the CSV files that dump.sql takes from a database after the import:
--     sqlite3 table.db < table.sql
--
-- The tables and indexes are the product's (the bench compares both schemas), so are the PRAGMAs, and every row is one the
-- import wrote. `.import` binds text, so an id of 16 bytes stands as 16 characters here, in the same order.
.bail on
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA cache_size = -16000;
PRAGMA temp_store = MEMORY;

CREATE TABLE import_row (
        organization_id uuid NOT NULL,
        import_id uuid NOT NULL,
        file integer NOT NULL,
        row_number bigint NOT NULL,
        cells text NOT NULL,
        problems text NOT NULL,
        PRIMARY KEY (organization_id, import_id, file, row_number),
        FOREIGN KEY (organization_id, import_id) REFERENCES import (organization_id, id)
    );
CREATE TABLE opportunity (
        organization_id uuid NOT NULL,
        id uuid NOT NULL,
        slot integer NOT NULL,
        gone integer NOT NULL,
        external_id text NOT NULL,
        name text,
        member_id uuid NOT NULL,
        account_id uuid,
        product_id uuid,
        channel_id uuid,
        status text NOT NULL,
        stage text NOT NULL,
        created_on integer,
        closed_on integer,
        amount bigint,
        probability integer,
        row_hash bigint NOT NULL,
        PRIMARY KEY (organization_id, id, slot),
        UNIQUE (organization_id, external_id, slot)
    ) WITHOUT ROWID;
CREATE TABLE stage_event (
        organization_id uuid NOT NULL,
        opportunity_id uuid NOT NULL,
        slot integer NOT NULL,
        seq integer NOT NULL,
        stage text NOT NULL,
        day integer NOT NULL,
        PRIMARY KEY (organization_id, opportunity_id, slot, seq)
    ) WITHOUT ROWID;
CREATE TABLE credit (
        organization_id uuid NOT NULL,
        fact_id uuid NOT NULL,
        metric_id uuid NOT NULL,
        slot integer NOT NULL,
        part integer NOT NULL,
        gone integer NOT NULL,
        kind text NOT NULL,
        member_id uuid NOT NULL,
        unit_id uuid NOT NULL,
        day integer NOT NULL,
        amount bigint NOT NULL,
        count integer NOT NULL,
        PRIMARY KEY (organization_id, fact_id, metric_id, slot, part)
    ) WITHOUT ROWID;
CREATE INDEX credit_day ON credit (organization_id, metric_id, day, member_id);
CREATE TABLE rollup_day (
        organization_id uuid NOT NULL,
        metric_id uuid NOT NULL,
        generation integer NOT NULL,
        day integer NOT NULL,
        member_id uuid NOT NULL,
        unit_id uuid NOT NULL,
        slot integer NOT NULL,
        amount bigint NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (organization_id, metric_id, generation, day, member_id, unit_id, slot)
    ) WITHOUT ROWID;
CREATE TABLE rollup_period (
        organization_id uuid NOT NULL,
        metric_id uuid NOT NULL,
        generation integer NOT NULL,
        dimension text NOT NULL,
        period integer NOT NULL,
        key uuid NOT NULL,
        slot integer NOT NULL,
        amount bigint NOT NULL,
        count bigint NOT NULL,
        PRIMARY KEY (organization_id, metric_id, generation, dimension, period, key, slot)
    ) WITHOUT ROWID;

.mode csv
.import opportunity.csv opportunity
.import stage_event.csv stage_event
.import credit.csv credit
.import rollup_day.csv rollup_day
.import rollup_period.csv rollup_period
.import import_row.csv import_row
