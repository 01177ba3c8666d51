//! Dates, periods and how long ago.

use crate::calendar::{Day, Month, Period, PeriodKind};
use crate::format::Lang;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `2018-02-15`; `Feb 15, 2018`.
pub fn date(day: Day, lang: Lang) -> String {
    let (year, month, of_month) = day.ymd();
    match lang {
        Lang::ZhCn => day.to_string(),
        Lang::En => format!("{} {of_month}, {year}", name_of(month)),
    }
}

/// `2月15日`; `Feb 15`.
pub fn date_short(day: Day, lang: Lang) -> String {
    let (_, month, of_month) = day.ymd();
    match lang {
        Lang::ZhCn => format!("{month}月{of_month}日"),
        Lang::En => format!("{} {of_month}", name_of(month)),
    }
}

/// `周四`; `Thu`.
pub fn weekday(day: Day, lang: Lang) -> &'static str {
    const ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
    const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let index = usize::from(day.weekday() - 1).min(6);
    lang.pick(ZH[index], EN[index])
}

/// `2018年2月`; `Feb 2018`.
pub fn month(month: Month, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}年{}月", month.year(), month.month()),
        Lang::En => format!("{} {}", name_of(month.month()), month.year()),
    }
}

/// `2月`; `Feb`.
pub fn month_short(month: Month, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}月", month.month()),
        Lang::En => name_of(month.month()).to_owned(),
    }
}

/// A period by its name in words: `2018年1季度`, `2018年2月`, `2018财年`; `Q1 2018`, `Feb 2018`, `FY 2018`. A quarter or half that
/// is not the calendar's of that name says so: `2018财年1季度`; `Q1 FY 2018`. A name that does not follow the fiscal rule (custom
/// calendars) is written as it is.
pub fn period(period: &Period, lang: Lang) -> String {
    let Some((year, rest)) = period.name.split_once('-') else {
        return match period.kind {
            PeriodKind::Year => lang.pick(format!("{}财年", period.name), format!("FY {}", period.name)),
            _ => period.name.clone(),
        };
    };
    let ordinal = rest.trim_start_matches(['Q', 'H', 'W']).trim_start_matches('0');
    // What everybody calls the third quarter is July to September; another one is the fiscal year's.
    let (zh, en) = if is_of_calendar_year(period, year, ordinal) {
        ("年", "")
    } else {
        ("财年", "FY ")
    };
    match (period.kind, rest.as_bytes().first()) {
        (PeriodKind::Quarter, Some(b'Q')) => {
            lang.pick(format!("{year}{zh}{ordinal}季度"), format!("{rest} {en}{year}"))
        }
        (PeriodKind::Half, Some(b'H')) => {
            let half = if ordinal == "1" { "上半年" } else { "下半年" };
            lang.pick(format!("{year}{zh}{half}"), format!("{rest} {en}{year}"))
        }
        (PeriodKind::Week, Some(b'W')) => lang.pick(
            format!("{year}年第{ordinal}周"),
            format!("Week {ordinal}, {year}"),
        ),
        (PeriodKind::Month, _) => {
            Month::parse(&period.name).map_or_else(|| period.name.clone(), |of_period| month(of_period, lang))
        }
        _ => period.name.clone(),
    }
}

/// Whether a period is the one of the calendar year that its name suggests, or a part of it where its ends are cut off.
fn is_of_calendar_year(period: &Period, year: &str, ordinal: &str) -> bool {
    let (Some(months), Ok(year), Ok(ordinal)) =
        (period.kind.months(), year.parse::<i32>(), ordinal.parse::<i32>())
    else {
        return true;
    };
    let Some(january) = Month::new(year, 1) else {
        return true;
    };
    let first = january.plus(ordinal.saturating_sub(1).saturating_mul(months));
    first.first_day() <= period.start && period.end <= first.plus(months).first_day()
}

/// A half-open range by its first and last day: `2018-01-01 至 2018-03-31`; `Jan 1, 2018 to Mar 31, 2018`.
pub fn range(start: Day, end: Day, lang: Lang) -> String {
    let last = end.plus(-1).max(start);
    format!(
        "{} {} {}",
        date(start, lang),
        lang.pick("至", "to"),
        date(last, lang)
    )
}

/// A moment in local milliseconds since 1970 (the zone's offset already added): `2018-02-15 17:30`; `Feb 15, 2018 17:30`.
pub fn date_time(local_ms: i64, lang: Lang) -> String {
    let day = Day(local_ms.div_euclid(86_400_000).clamp(-3_000_000, 2_900_000) as i32);
    let minutes = local_ms.rem_euclid(86_400_000) / 60_000;
    format!("{} {:02}:{:02}", date(day, lang), minutes / 60, minutes % 60)
}

/// How long ago (or ahead) `then_ms` is, seen from `now_ms`; both in milliseconds since 1970: `刚刚`, `3 分钟前`, `昨天`;
/// `just now`, `3 min ago`, `yesterday`, `in 2 days`. Beyond 30 days the date is written (of UTC; exact to the day).
pub fn relative(now_ms: i64, then_ms: i64, lang: Lang) -> String {
    const MINUTE: i64 = 60_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let passed = now_ms.saturating_sub(then_ms);
    let size = passed.saturating_abs();
    if size < MINUTE {
        return lang.pick("刚刚", "just now").to_owned();
    }
    if size >= 30 * DAY {
        let day = then_ms.div_euclid(DAY).clamp(-3_000_000, 2_900_000);
        return date(Day(day as i32), lang);
    }
    let (number, zh, en) = if size < HOUR {
        (size / MINUTE, "分钟", "min")
    } else if size < DAY {
        (size / HOUR, "小时", "h")
    } else {
        (size / DAY, "天", "days")
    };
    match (size >= DAY && number == 1, passed > 0) {
        (true, true) => lang.pick("昨天", "yesterday").to_owned(),
        (true, false) => lang.pick("明天", "tomorrow").to_owned(),
        (false, true) => lang.pick(format!("{number} {zh}前"), format!("{number} {en} ago")),
        (false, false) => lang.pick(format!("{number} {zh}后"), format!("in {number} {en}")),
    }
}

/// The English short name of a month, 1 to 12.
fn name_of(month: u8) -> &'static str {
    MONTHS[usize::from(month.clamp(1, 12) - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Fiscal;

    fn day(text: &str) -> Day {
        Day::parse_iso(text).unwrap()
    }

    #[test]
    fn dates_in_both_languages() {
        let today = day("2018-02-15");
        assert_eq!(date(today, Lang::ZhCn), "2018-02-15");
        assert_eq!(date(today, Lang::En), "Feb 15, 2018");
        assert_eq!(date_short(today, Lang::ZhCn), "2月15日");
        assert_eq!(date_short(today, Lang::En), "Feb 15");
        assert_eq!(weekday(today, Lang::ZhCn), "周四");
        assert_eq!(weekday(today, Lang::En), "Thu");
        assert_eq!(month(Month::of(today), Lang::ZhCn), "2018年2月");
        assert_eq!(month(Month::of(today), Lang::En), "Feb 2018");
        assert_eq!(month_short(Month::of(today), Lang::ZhCn), "2月");
        assert_eq!(
            date_time(i64::from(today.0) * 86_400_000 + 63_000_000, Lang::ZhCn),
            "2018-02-15 17:30"
        );
        assert_eq!(
            range(day("2018-01-01"), day("2018-04-01"), Lang::ZhCn),
            "2018-01-01 至 2018-03-31"
        );
    }

    #[test]
    fn periods_in_words() {
        let fiscal = Fiscal::default();
        let today = day("2018-02-15");
        let words = |kind, lang| period(&fiscal.period_of(kind, today), lang);
        assert_eq!(words(PeriodKind::Quarter, Lang::ZhCn), "2018年1季度");
        assert_eq!(words(PeriodKind::Quarter, Lang::En), "Q1 2018");
        assert_eq!(words(PeriodKind::Month, Lang::En), "Feb 2018");
        assert_eq!(words(PeriodKind::Year, Lang::ZhCn), "2018财年");
        assert_eq!(words(PeriodKind::Half, Lang::ZhCn), "2018年上半年");
        assert_eq!(words(PeriodKind::Week, Lang::En), "Week 7, 2018");
    }

    #[test]
    fn a_quarter_of_another_year_than_the_calendars_says_so() {
        let july = Fiscal::new(7).unwrap();
        let words = |fiscal: Fiscal, name: &str| {
            let of_name = fiscal.named(name).unwrap();
            (period(&of_name, Lang::ZhCn), period(&of_name, Lang::En))
        };
        let pair = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
        let third = july.named("2027-Q3").unwrap();
        assert_eq!((third.start, third.end), (day("2027-01-01"), day("2027-04-01")));
        assert_eq!(words(july, "2027-Q3"), pair("2027财年3季度", "Q3 FY 2027"));
        assert_eq!(words(july, "2027-Q1"), pair("2027财年1季度", "Q1 FY 2027"));
        assert_eq!(words(july, "2027-H1"), pair("2027财年上半年", "H1 FY 2027"));
        assert_eq!(words(july, "2027-H2"), pair("2027财年下半年", "H2 FY 2027"));
        // Months, weeks and years are the same for everybody, or say it already.
        assert_eq!(words(july, "2027-03"), pair("2027年3月", "Mar 2027"));
        assert_eq!(words(july, "2027-W09"), pair("2027年第9周", "Week 9, 2027"));
        assert_eq!(words(july, "2027"), pair("2027财年", "FY 2027"));
        // In every other first month every quarter has another name than the calendar gives it; with January none has.
        for first in 1..=12 {
            let fiscal = Fiscal::new(first).unwrap();
            for name in ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2027-H1", "2027-H2"] {
                let (zh, en) = words(fiscal, name);
                let says_so = (zh.contains("财年"), en.contains("FY"));
                assert_eq!(says_so, (first != 1, first != 1), "{first} {name}: {zh}, {en}");
            }
        }
        // One that is cut off is still the calendar's.
        let whole = Fiscal::default().named("2027-Q3").unwrap();
        let cut = Period {
            end: whole.start.plus(40),
            ..whole
        };
        assert_eq!(period(&cut, Lang::En), "Q3 2027");
    }

    #[test]
    fn relative_times() {
        let now = 1_700_000_000_000;
        for (ago, zh, en) in [
            (10_000, "刚刚", "just now"),
            (180_000, "3 分钟前", "3 min ago"),
            (7_200_000, "2 小时前", "2 h ago"),
            (90_000_000, "昨天", "yesterday"),
            (3 * 86_400_000, "3 天前", "3 days ago"),
            (-2 * 86_400_000, "2 天后", "in 2 days"),
            (i64::MAX, "", ""),
        ] {
            let then = now - ago;
            if zh.is_empty() {
                assert!(!relative(now, then, Lang::En).is_empty());
            } else {
                assert_eq!(relative(now, then, Lang::ZhCn), zh);
                assert_eq!(relative(now, then, Lang::En), en);
            }
        }
        assert_eq!(relative(now, now - 40 * 86_400_000, Lang::ZhCn), "2023-10-05");
    }
}
