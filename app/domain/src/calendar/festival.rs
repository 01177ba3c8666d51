//! Festivals whose date moves from year to year.

use crate::calendar::Day;

/// The first year of [`SPRING_FESTIVALS`].
const FIRST_YEAR: i32 = 1970;

/// The first day of the first month of the Chinese calendar, from 1970 on, as month × 100 + day. Compared with two
/// independent conversions: one agrees throughout, the other but for 2027 and 2030, where the new moon falls within
/// minutes of midnight in Beijing and its approximation is a day off.
const SPRING_FESTIVALS: [u16; 81] = [
    206, 127, 215, 203, 123, 211, 131, 218, 207, 128, // 1970
    216, 205, 125, 213, 202, 220, 209, 129, 217, 206, // 1980
    127, 215, 204, 123, 210, 131, 219, 207, 128, 216, // 1990
    205, 124, 212, 201, 122, 209, 129, 218, 207, 126, // 2000
    214, 203, 123, 210, 131, 219, 208, 128, 216, 205, // 2010
    125, 212, 201, 122, 210, 129, 217, 206, 126, 213, // 2020
    203, 123, 211, 131, 219, 208, 128, 215, 204, 124, // 2030
    212, 201, 122, 210, 130, 217, 206, 126, 214, 202, // 2040
    123, // 2050
];

/// The day of the Spring Festival (Chinese New Year) of a year; `None` outside 1970 to 2050.
pub fn spring_festival(year: i32) -> Option<Day> {
    let place = usize::try_from(year.checked_sub(FIRST_YEAR)?).ok()?;
    let date = *SPRING_FESTIVALS.get(place)?;
    Day::from_ymd(year, (date / 100) as u8, (date % 100) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spring_festival_has_its_published_dates() {
        for (year, date) in [
            (2010, "2010-02-14"),
            (2015, "2015-02-19"),
            (2018, "2018-02-16"),
            (2024, "2024-02-10"),
            (2026, "2026-02-17"),
            (2027, "2027-02-06"),
            (2030, "2030-02-03"),
            (2033, "2033-01-31"),
        ] {
            assert_eq!(spring_festival(year), Day::parse_iso(date), "{year}");
        }
        assert_eq!([1969, 2051, i32::MIN, i32::MAX].map(spring_festival), [None; 4]);
    }

    #[test]
    fn two_festivals_are_twelve_or_thirteen_moons_apart() {
        for year in 1970..2050 {
            let (this, next) = (spring_festival(year).unwrap(), spring_festival(year + 1).unwrap());
            let moons = f64::from(next.0 - this.0) / 29.530_588;
            assert!(
                (moons - moons.round()).abs() < 0.04 && [12, 13].contains(&(moons.round() as i32)),
                "{year}: {moons}"
            );
        }
    }

    #[test]
    fn the_festival_lies_in_its_published_holiday() {
        let china = crate::calendar::holidays::china();
        for year in 2015..=2026 {
            let day = spring_festival(year).unwrap();
            assert!(!china.is_working(day) && !china.is_working(day.plus(1)), "{year}");
        }
    }
}
