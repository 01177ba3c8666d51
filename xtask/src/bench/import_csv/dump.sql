-- The rows an import wrote, as the CSV files table.sql reads:
--     sqlite3 attain.db < dump.sql
--
-- An id of 16 bytes becomes 16 characters: a letter, so that none of them looks like a number, and its last 15 hexadecimal
-- digits, which hold an opportunity's row and else chance alone. They sort as the ids do where an import wrote them in order.
.bail on
.mode csv
.headers off

.once opportunity.csv
SELECT 'o' || substr(hex(organization_id), 18), 'i' || substr(hex(id), 18), slot, gone, external_id, name,
       'm' || substr(hex(member_id), 18), 'a' || substr(nullif(hex(account_id), ''), 18), 'p' || substr(nullif(hex(product_id), ''), 18),
       'c' || substr(nullif(hex(channel_id), ''), 18), status, stage, created_on, closed_on, amount, probability, row_hash
FROM opportunity ORDER BY organization_id, id, slot;

.once stage_event.csv
SELECT 'o' || substr(hex(organization_id), 18), 'i' || substr(hex(opportunity_id), 18), slot, seq, stage, day
FROM stage_event ORDER BY organization_id, opportunity_id, slot, seq;

.once credit.csv
SELECT 'o' || substr(hex(organization_id), 18), 'i' || substr(hex(fact_id), 18), 'm' || substr(hex(metric_id), 18), slot, part,
       gone, kind, 'm' || substr(hex(member_id), 18), 'u' || substr(hex(unit_id), 18), day, amount, count
FROM credit ORDER BY organization_id, fact_id, metric_id, slot, part;

.once rollup_day.csv
SELECT 'o' || substr(hex(organization_id), 18), 'm' || substr(hex(metric_id), 18), generation, day,
       'm' || substr(hex(member_id), 18), 'u' || substr(hex(unit_id), 18), slot, amount, count
FROM rollup_day ORDER BY organization_id, metric_id, generation, day, member_id, unit_id, slot;

.once rollup_period.csv
SELECT 'o' || substr(hex(organization_id), 18), 'm' || substr(hex(metric_id), 18), generation, dimension, period,
       'k' || substr(hex(key), 18), slot, amount, count
FROM rollup_period ORDER BY organization_id, metric_id, generation, dimension, period, key, slot;

.once import_row.csv
SELECT 'o' || substr(hex(organization_id), 18), 'i' || substr(hex(import_id), 18), file, row_number, cells, problems
FROM import_row ORDER BY organization_id, import_id, file, row_number;
