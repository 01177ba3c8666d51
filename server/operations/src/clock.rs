//! The only place that reads the clock.

use domain::calendar::Day;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Milliseconds since 1970-01-01 UTC.
pub fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Today in an IANA time zone; UTC where the name is unknown.
pub fn today_in(zone: &str) -> Day {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let date = zone.to_datetime(Timestamp::now()).date();
    Day::from_ymd(
        i32::from(date.year()),
        date.month().unsigned_abs(),
        date.day().unsigned_abs(),
    )
    .unwrap_or_default()
}

/// How far the clocks of an IANA time zone are ahead of UTC now, milliseconds; 0 where the name is unknown.
pub(crate) fn offset_ms(zone: &str) -> i64 {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    i64::from(zone.to_offset(Timestamp::now()).seconds()) * 1000
}

/// A new time-ordered id.
pub fn new_id() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}
