//! The only place that reads the clock.

use domain::calendar::{self, Clocks, Day};
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

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

/// The moment the clocks of an IANA time zone show an hour of a day, milliseconds; UTC where the name is unknown. Where the
/// clocks are put forward over that hour, the moment after.
pub(crate) fn at_hour_ms(zone: &str, day: Day, hour: i8) -> i64 {
    let midnight = i64::from(day.0) * 24 * 3_600 * 1_000;
    let plain = midnight + i64::from(hour) * 3_600 * 1_000;
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let (year, month, of_month) = day.ymd();
    let (Ok(year), Ok(month), Ok(of_month)) =
        (i16::try_from(year), i8::try_from(month), i8::try_from(of_month))
    else {
        return plain;
    };
    jiff::civil::Date::new(year, month, of_month)
        .ok()
        .and_then(|date| zone.to_timestamp(date.at(hour, 0, 0, 0)).ok())
        .map_or(plain, Timestamp::as_millisecond)
}

/// How long after it was fetched a page may still be open.
const LONGEST_OPEN_MS: i64 = 400 * 24 * 3_600 * 1_000;

/// What the clocks of an IANA time zone showed since a moment, and will show while a page that is fetched now is open; UTC
/// where the name is unknown.
pub(crate) fn clocks(zone: &str, since_ms: i64, now_ms: i64) -> Clocks {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let since = Timestamp::from_millisecond(since_ms).unwrap_or_default();
    let until_ms = now_ms.saturating_add(LONGEST_OPEN_MS);
    let offset = |from_ms: i64, offset: Offset| calendar::Offset {
        from_ms,
        ahead_ms: i64::from(offset.seconds()) * 1000,
    };
    let first = offset(since.as_millisecond(), zone.to_offset(since));
    let later = zone
        .following(since)
        .map(|change| offset(change.timestamp().as_millisecond(), change.offset()))
        .take_while(|change| change.from_ms <= until_ms);
    Clocks(std::iter::once(first).chain(later).collect())
}

/// A new time-ordered id.
pub fn new_id() -> uuid::Uuid {
    uuid::Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn an_hour_of_a_day_is_a_moment() {
        let day = Day::parse_iso("2026-11-27").unwrap();
        assert_eq!(at_hour_ms("Asia/Shanghai", day, 9), ms("2026-11-27T01:00:00Z"));
        assert_eq!(at_hour_ms("nowhere", day, 9), ms("2026-11-27T09:00:00Z"));
        assert!(at_hour_ms("Asia/Shanghai", Day(i32::MAX), 9) > 0);
    }

    #[test]
    fn a_moment_before_the_clocks_were_changed_is_shown_as_it_was() {
        let clocks = |zone| super::clocks(zone, ms("2025-02-03T00:00:00Z"), ms("2026-11-27T00:00:00Z"));
        let berlin = clocks("Europe/Berlin");
        for (at, shown) in [
            ("2025-02-10T12:00:00Z", "2025-02-10T13:00:00Z"),
            ("2025-07-10T12:00:00Z", "2025-07-10T14:00:00Z"),
            ("2026-10-25T00:59:59Z", "2026-10-25T02:59:59Z"),
            ("2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"),
            ("2027-07-01T12:00:00Z", "2027-07-01T14:00:00Z"),
        ] {
            assert_eq!(berlin.local_ms(ms(at)), ms(shown), "{at}");
        }
        let shanghai = clocks("Asia/Shanghai");
        assert_eq!(shanghai.0.len(), 1, "its clocks do not change");
        assert_eq!(shanghai.local_ms(0), 8 * 3_600_000);
        assert_eq!(clocks("Nowhere/Such").local_ms(7), 7);
    }
}
