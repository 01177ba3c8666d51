//! Awkward histories as the Outlook page tells of them: what can and cannot be concluded stands there in words, in both
//! languages, and a plan can be made nevertheless.

mod office;

use domain::assumption::PlanningQuery;
use domain::calendar::{Day, Month};
use domain::format::{self, Lang};
use domain::import::Kind;
use domain::money::Minor;
use domain::outlook::{BeforeState, Effect, FactorKind, NewFactor, Note, Outlook, Thing, ThingKind};
use operations::Error;

use office::Office;

fn day(text: &str) -> Day {
    Day::parse_iso(text).unwrap()
}

fn codes(outlook: &Outlook) -> &[Note] {
    &outlook.detail.notes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn less_than_a_year_says_that_no_season_can_be_seen() {
    let office = Office::open("2017-12-31", 1).await;
    office.sell("2017-06-01", 7, |_| 100).await;
    let outlook = office.outlook(Some("2018")).await;
    assert_eq!(
        codes(&outlook),
        [Note::Short { months: 7 }, Note::Far { months: 12 }]
    );
    let said = [
        (
            "只有 7 个完整月份的数据，看不出季节",
            "Only 7 whole months are known. No season can be seen",
        ),
        (
            "历史太短，无法检验预测",
            "The history is too short to try the forecast on",
        ),
    ];
    office.says("/set/outlook?period=2018", &said).await;
    // No Spring Festival lies in the history: none is aligned.
    office
        .says_nothing_of("/set/baseline?period=2018", &["春节（）", "Spring Festival ()"])
        .await;
    office.plans("2018-01-01", "2019-01-01").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hole_of_six_months_counts_as_unknown() {
    let office = Office::open("2017-12-31", 1).await;
    office
        .sell(
            "2014-01-01",
            48,
            |step| if (20..26).contains(&step) { 0 } else { 100 },
        )
        .await;
    let outlook = office.outlook(Some("2018")).await;
    let from = Month::of(day("2015-09-01"));
    assert_eq!(codes(&outlook), [Note::Hole { from, months: 6 }]);
    // Unknown and not nothing: what is expected of a month is what months brought that are known.
    let month = outlook.branches[0].fan[0].p50.0;
    assert!((4_500_000..5_500_000).contains(&month), "{month}");
    let (chinese, english) = (format::month(from, Lang::ZhCn), format::month(from, Lang::En));
    let chinese = format!("从 {chinese} 起有 6 个月完全没有数据，按“未知”处理，不当作零");
    let english =
        format!("6 months from {english} on have no fact at all. They count as unknown, not as nothing");
    // The years it lies in are not whole, and the table beside the chart has no number for its months.
    let holed: Vec<_> = outlook
        .detail
        .before
        .iter()
        .filter(|before| before.state == BeforeState::Hole)
        .filter_map(|before| before.period.clone())
        .collect();
    assert_eq!(holed.len(), 2);
    let year = |lang: Lang| format::period(&holed[1], lang);
    let not_whole = (
        format!("{}（不完整）", year(Lang::ZhCn)),
        format!("{}, not whole", year(Lang::En)),
    );
    office
        .says(
            "/set/outlook?period=2018",
            &[
                (&chinese, &english),
                (&not_whole.0, &not_whole.1),
                (">没有数据<", ">no data<"),
            ],
        )
        .await;
    office.plans("2018-01-01", "2019-01-01").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_product_is_all_there_is() {
    let office = Office::open("2017-12-31", 1).await;
    office.sell("2015-01-01", 36, |step| 100 + i64::from(step)).await;
    let things = office.operations.factor_things(&office.scope).await.unwrap();
    let [bike] = &things[..] else { panic!("{things:?}") };
    assert!(matches!(bike.of, Thing::Product(_)) && bike.of.kind() == ThingKind::Product);
    let factor = NewFactor {
        kind: FactorKind::Price,
        name: "Price".to_owned(),
        unit: None,
        of: Some(bike.of),
        span: domain::target::Span {
            starts_on: day("2018-01-01"),
            ends_on: day("2019-01-01"),
        },
        effect: Effect::Percent { hundredths: 500 },
        weight: 100,
        source: "list".to_owned(),
        link: None,
        attachment: None,
    };
    let planning = office.outlook(Some("2018")).await;
    assert_eq!(codes(&planning), []);
    // The baseline says so too, however one looks at it; by product nothing is called spread.
    let said = [(
        "历史里只有一种产品：总额、增长和季节照常可用",
        "There is only one product in the history: totals, growth and season can be read",
    )];
    office.says("/set/baseline?period=2018", &said).await;
    let said = [(
        "只有一项：全部来自它",
        "There is only one: all of it comes from there",
    )];
    office.says("/set/baseline?period=2018&by=product", &said).await;
    office
        .says_nothing_of(
            "/set/baseline?period=2018&by=product",
            &["分布比较均匀", "It is spread"],
        )
        .await;
    let asked = PlanningQuery {
        version: None,
        period: Some("2018".to_owned()),
    };
    office
        .operations
        .add_factor(&office.scope, &asked, factor)
        .await
        .unwrap();
    let said = [(
        "占这里展望的 100.0 %（按最近十二个月）",
        "100.0 % of what is expected here, by the last twelve months",
    )];
    office.says("/set/outlook?period=2018", &said).await;
    let outlook = office.outlook(Some("2018")).await;
    let (before, after) = (
        outlook.branches[0].before_factors.unwrap().0,
        outlook.branches[0].p50().unwrap().0,
    );
    let grown = after as f64 / before as f64;
    assert!((grown - 1.05).abs() < 1e-6, "{grown}");
    office.plans("2018-01-01", "2019-01-01").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fiscal_year_from_july_is_planned_by_its_own_name() {
    let office = Office::open("2017-06-30", 7).await;
    office.sell("2014-07-01", 36, |step| 100 + i64::from(step)).await;
    // Without asking for a period: the fiscal year after the newest facts.
    let outlook = office.outlook(None).await;
    assert_eq!(outlook.planning.span.starts_on, day("2017-07-01"));
    assert_eq!(outlook.planning.span.ends_on, day("2018-07-01"));
    assert_eq!((outlook.known, outlook.span_from, outlook.span_to), (36, 36, 48));
    let period = outlook.planning.period.clone().unwrap();
    let before = outlook.detail.before.last().unwrap().period.clone().unwrap();
    assert_eq!(before.start, day("2016-07-01"));
    let (chinese, english) = (
        format::period(&period, Lang::ZhCn),
        format::period(&period, Lang::En),
    );
    let named = [
        (format!("正在准备 {chinese}"), format!("preparing {english}")),
        (
            format::period(&before, Lang::ZhCn),
            format::period(&before, Lang::En),
        ),
    ];
    let said: Vec<(&str, &str)> = named.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    office.says("/set/outlook", &said).await;
    office.plans("2017-07-01", "2018-07-01").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_spring_festival_moves_with_its_date() {
    let office = Office::open("2017-12-31", 1).await;
    // In ten days around each festival nothing is sold: mostly in January in 2014 and 2017, in February in the other years.
    let festivals = [
        "2013-02-10",
        "2014-01-31",
        "2015-02-19",
        "2016-02-08",
        "2017-01-28",
    ]
    .map(day);
    let first = Month::of(day("2013-01-01"));
    let open_days = |step: i32| {
        let month = first.plus(step);
        let days: Vec<i32> = (month.first_day().0..month.end().0).collect();
        let shut = |day: &&i32| {
            festivals
                .iter()
                .any(|festival| (-5..5).contains(&(**day - festival.0)))
        };
        let closed = days.iter().filter(shut).count();
        i64::try_from(300 * (days.len() - closed) / days.len()).unwrap()
    };
    assert!(
        open_days(48) < open_days(49),
        "in 2017 January is the short month"
    );
    office.sell("2013-01-01", 60, open_days).await;
    let outlook = office.outlook(Some("2018")).await;
    let festival = outlook.detail.festival.unwrap();
    assert!((-0.5..-0.15).contains(&festival), "{festival}");
    // In 2018 it falls on the 16th of February.
    let fan = &outlook.branches[0].fan;
    let (january, february) = (fan[0].p50.0 as f64, fan[1].p50.0 as f64);
    assert!(february < 0.85 * january, "{january} {february}");
    let percent = format::percent_change(festival);
    let chinese = format!("春节按当年的日期计入：它整个落在哪个月，哪个月比平常 {percent}。");
    let english = format!(
        "The Spring Festival is reckoned by its date: the month that all of it falls into differs from the usual by {percent}."
    );
    office
        .says("/set/outlook?period=2018", &[(&chinese, &english)])
        .await;
    office.plans("2018-01-01", "2019-01-01").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_open_pipeline_stands_beside_the_outlook_and_not_in_it() {
    let office = Office::open("2017-12-31", 1).await;
    let mut deals = "opportunity id,member,product,stage,created on,closed on,amount\n".to_owned();
    let first = Month::of(day("2015-01-01"));
    for step in 0..36 {
        let month = first.plus(step);
        for of_month in [2, 27] {
            let date = month.day_or_last(of_month);
            for (who, amount) in [("Ann", 1_000), ("Bob", 1_500)] {
                let stage = if step % 4 == 3 && of_month == 2 {
                    "Lost"
                } else {
                    "Won"
                };
                deals += &format!(
                    "{who}-{month}-{of_month},{who},Bike,{stage},{},{date},{amount}\n",
                    date.plus(-30)
                );
            }
        }
    }
    office.take_in(Kind::Opportunities, &deals).await;
    let before = office.outlook(Some("2018")).await;
    let open = "opportunity id,member,product,stage,created on,closed on,amount\n\
                open-1,Ann,Bike,Engaging,2017-11-01,2018-05-02,40000\n\
                open-2,Bob,Bike,Engaging,2017-11-01,,20000\n\
                open-3,Bob,Bike,Engaging,2017-11-01,,\n";
    office.take_in(Kind::Opportunities, open).await;
    let outlook = office.outlook(Some("2018")).await;
    assert_eq!(
        outlook.branches, before.branches,
        "what is open is not reckoned in"
    );
    let pipeline = outlook.detail.pipeline.unwrap();
    assert_eq!(
        (pipeline.closing.deals, pipeline.closing.amount),
        (1, Minor(4_000_000))
    );
    assert_eq!((pipeline.undated.deals, pipeline.unpriced), (2, 1));
    assert!(pipeline.closing.weighted < pipeline.closing.amount);
    let said = [
        ("仅供对照，未计入展望", "beside the outlook, not in it"),
        (
            "data-stock=\"closing\" data-minor=\"4000000\"",
            "data-stock=\"closing\" data-minor=\"4000000\"",
        ),
        ("日期未知或已过期", "Day unknown or passed"),
        (
            "1 个商机没有金额，按赢单的平均金额计",
            "1 without an amount count with that of a usual won deal",
        ),
    ];
    office.says("/set/outlook?period=2018", &said).await;
    office.plans("2018-01-01", "2019-01-01").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rows_in_another_currency_are_missing_and_the_currency_stays() {
    let office = Office::open("2017-12-31", 1).await;
    office.sell("2015-01-01", 36, |step| 100 + i64::from(step)).await;
    let before = office.outlook(Some("2018")).await;
    // From some day on a system writes dollars.
    let dollars = "order id,member,order date,product,amount,currency\n\
                   usd-1,Ann,2017-12-03,Bike,9000,USD\n\
                   usd-2,Bob,2017-12-04,Bike,9000,USD\n";
    let view = office.take_in(Kind::Orders, dollars).await;
    assert_eq!(view.counts.rejected, 2);
    let outlook = office.outlook(Some("2018")).await;
    assert_eq!(
        outlook.branches, before.branches,
        "yuan and dollars are never added"
    );
    assert_eq!(codes(&outlook), [Note::OtherCurrency { rows: 2 }]);
    let said = [(
        "有 2 行因币种不同没有导入，历史里没有它们：换算后重新导入之前，展望偏低。",
        "2 rows in another currency were not imported, and the history lacks them: until they are converted and imported, \
         the outlook is too low.",
    )];
    office.says("/set/outlook?period=2018", &said).await;
    // What stored numbers mean stays: the currency of the organization is not changed under them.
    let mut wanted = office.operations.settings(&office.scope).await.unwrap();
    wanted.currency = domain::money::Currency::from_code("USD").unwrap();
    let refused = office.operations.update_settings(&office.scope, wanted).await;
    let Err(Error::Invalid(refusal)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refusal.code, "settings_fixed");
    assert_eq!(
        (refusal.words.zh.as_str(), refusal.words.en.as_str()),
        (
            "币种和财年起始月在设置时确定，之后不能更改。",
            "Currency and start of the fiscal year are decided at set-up and stay."
        )
    );
    office.plans("2018-01-01", "2019-01-01").await;
}
