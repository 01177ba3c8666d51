//! Pages that are rendered at the same time, as a server with many people renders them.

use crate::client::Client;
use crate::house::{HOST, House, Who};
use axum::http::StatusCode;
use domain::access::Role;
use operations::Loopback;
use tokio::task::JoinSet;

/// Pages whose titles differ, all open to a planner.
const PAGES: [&str; 7] = [
    "/",
    "/track",
    "/split",
    "/set/baseline",
    "/set/target",
    "/data/import",
    "/admin/people",
];

/// How many are rendered at once.
const AT_ONCE: usize = 140;

/// Leptos finds a request's values through the thread that renders it; a page that goes on after having waited must find its
/// own there, whatever the thread did meanwhile. Before that was seen to, about one page of a hundred failed, because its
/// title belonged to a request that was over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_rendered_at_once_are_everybodys_own() {
    let house = House::start().await;
    let planner = house.client(Who::Planner);
    let mut expected = Vec::new();
    for path in PAGES {
        expected.push(title(&planner, path).await);
    }
    let mut different = expected.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), PAGES.len(), "{expected:?}");

    let mut rendered = JoinSet::new();
    for (path, expected) in PAGES.into_iter().zip(&expected).cycle().take(AT_ONCE) {
        let (planner, expected) = (planner.clone(), expected.clone());
        rendered.spawn(async move { (path, expected, title(&planner, path).await) });
    }
    while let Some(answer) = rendered.join_next().await {
        let (path, expected, title) = answer.unwrap();
        assert_eq!(title, expected, "{path}");
    }
}

/// Making another router does not stop the pages of a running one: while Leptos reads the route table, it fetches no data.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_second_server_in_the_process_leaves_pages_alone() {
    let house = House::start().await;
    let planner = house.client(Who::Planner);
    let routers = tokio::task::spawn_blocking({
        let state = house.state.clone();
        move || {
            for _ in 0..200 {
                drop(server::router(state.clone()));
            }
        }
    });
    while !routers.is_finished() {
        title(&planner, "/set/target").await;
    }
    routers.await.unwrap();
}

/// Whoever tries the sample company, which is Chinese, stays with the language of the browser.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_visitor_of_the_sample_company_keeps_the_language_of_the_browser() {
    let (operations, router, _folder) = House::empty().await;
    operations.load_demo().await.unwrap();
    let session = operations.sign_in_demo(Role::Planner, Loopback::Yes, None);
    let mut visitor = Client::new(router).with("accept", "text/html");
    visitor.cookie = Some(format!("attain={}", session.await.unwrap().token));
    for (accepted, expected) in [("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9", "zh-CN")] {
        let page = visitor
            .clone()
            .with("accept-language", accepted)
            .get("/track")
            .await;
        assert_eq!(language(&page.text()), expected);
    }
}

/// An address that names no version opens none, least of all the draft in work.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_address_of_no_version_opens_none() {
    let (operations, router, _folder) = House::empty().await;
    operations.load_demo().await.unwrap();
    let session = operations.sign_in_demo(Role::Planner, Loopback::Yes, None);
    let mut planner = Client::new(router).with("accept-language", "en");
    planner.cookie = Some(format!("attain={}", session.await.unwrap().token));
    let says_so = "There is no such version of a plan";
    let plain = planner.get("/split").await.text();
    assert!(
        plain.contains("role=\"table\"") && !plain.contains(says_so),
        "{plain}"
    );
    for version in ["nonsense", "0190c0de-0000-7000-8000-000000000000", ""] {
        let page = planner.get(&format!("/split?version={version}")).await;
        assert_eq!(page.status, StatusCode::OK);
        let text = page.text();
        assert!(text.contains(says_so), "{version}: {text}");
        assert!(!text.contains("role=\"table\""), "{version}: {text}");
    }
}

/// Whoever comes by address to a page of another role is told so, and not by half a page with an error in it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_of_another_role_says_so() {
    let house = House::start().await;
    let (not_for_you, roles) = ("这个页面不对你的角色开放", "所有者、计划员");
    for (path, refused) in [
        ("/set/target", &[Who::Manager, Who::Rep, Who::Viewer][..]),
        ("/set/baseline", &[Who::Manager, Who::Rep, Who::Viewer]),
        ("/data/import", &[Who::Manager, Who::Rep, Who::Viewer]),
        ("/split", &[Who::Rep, Who::Viewer]),
        ("/admin/people", &[Who::Rep, Who::Viewer]),
        ("/my-target", &[Who::Viewer]),
        ("/track", &[]),
    ] {
        for who in [Who::Owner, Who::Planner, Who::Manager, Who::Rep, Who::Viewer] {
            let page = house.client(who).get(path).await;
            assert_eq!(page.status, StatusCode::OK, "{path} {who:?}");
            let text = page.text();
            let told = text.contains(not_for_you);
            assert_eq!(told, refused.contains(&who), "{path} {who:?}: {text}");
            if told {
                assert!(text.contains(roles), "{path} {who:?}: {text}");
                assert!(!text.contains("role=\"alert\""), "{path} {who:?}: {text}");
            }
        }
    }
}

/// Who may not know who can sign in is told nothing about it, least of all that nobody can.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_can_sign_in_is_told_to_those_who_may_know() {
    let house = House::start().await;
    for (who, told) in [(Who::Owner, true), (Who::Planner, false), (Who::Manager, false)] {
        let client = house.client(who);
        let members = client.get("/admin/people").await.text();
        assert_eq!(members.contains(">登录<"), told, "{who:?}: {members}");
        assert!(told || !members.contains("没有账号"), "{who:?}: {members}");
        assert_eq!(members.contains("?tab=users"), told, "{who:?}");
        let users = client.get("/admin/people?tab=users").await.text();
        assert_eq!(users.contains("新账号"), told, "{who:?}: {users}");
        let units = client.get("/admin/people?tab=units").await.text();
        assert!(
            units.contains("一直都在") && !units.contains("1970"),
            "{who:?}: {units}"
        );
    }
}

/// A set-up link that does not hold is said so, also where it was pasted whole, and the form keeps what was typed but for the
/// password.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_first_run_says_what_is_wrong_and_keeps_what_was_typed() {
    let (operations, router, _folder) = House::empty().await;
    let link = operations.set_up_link().await.unwrap().unwrap();
    let mut visitor = Client::new(router)
        .with("accept-language", "en")
        .with("accept", "text/html");
    let wrong = "This link does not hold";
    for (given, told) in [("", false), ("abc", true)] {
        let page = visitor.get(&format!("/set-up?link={given}")).await.text();
        assert_eq!(page.contains(wrong), told, "{given}: {page}");
    }
    let pasted = format!("/set-up?link=http%3A%2F%2Fhost%2Fset-up%3Flink%3D{link}");
    let page = visitor.get(&pasted).await.text();
    assert!(page.contains("Where do you want to start?"), "{page}");

    let form = format!(
        "link={link}&start=blank&organization_name=%E4%BA%91%E6%9D%89&owner_name=Ann+Lee&email=ann%40attain.test\
         &password=short&currency=EUR&fiscal_start_month=4&zone=Europe%2FBerlin"
    );
    let refused = visitor.post_form("/api/app/set_up/set_up", &form).await;
    let kept = refused
        .headers
        .get_all("set-cookie")
        .iter()
        .find_map(|cookie| cookie.to_str().unwrap().split(';').next())
        .unwrap()
        .to_owned();
    assert!(kept.starts_with("first-run="), "{kept}");
    visitor.cookie = Some(kept);
    let page = visitor
        .get(&format!("/set-up?link={link}&start=blank"))
        .await
        .text();
    for typed in [
        "value=\"云杉\"",
        "value=\"Ann Lee\"",
        "value=\"ann@attain.test\"",
        "value=\"EUR\" selected",
        "value=\"4\" selected",
        "value=\"Europe/Berlin\" selected",
    ] {
        assert!(page.contains(typed), "{typed}: {page}");
    }
    assert!(!page.contains("short\""), "{page}");
}

/// Who chose no language keeps the browser's, also inside.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_chose_no_language_keeps_the_browsers() {
    let house = House::start().await;
    let planner = house.client(Who::Planner);
    for (accepted, expected) in [("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9", "zh-CN")] {
        let page = planner
            .clone()
            .with("accept-language", accepted)
            .get("/track")
            .await;
        assert_eq!(language(&page.text()), expected);
    }
    let chosen = house.signed_in(Who::Planner).await;
    house.operations.set_language(&chosen, "en").await.unwrap();
    let page = planner.with("accept-language", "zh-CN").get("/track").await;
    assert_eq!(language(&page.text()), "en", "a choice goes before the browser");
}

/// The door leads on to all of what was asked for, not to its path alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_door_keeps_the_whole_address() {
    let house = House::start().await;
    let nobody = house.client(Who::Anonymous);
    let answer = nobody.get("/track?period=2018-Q1&by=member").await;
    let door = answer.header("location").to_owned();
    assert_eq!(door, "/sign-in?next=%2Ftrack%3Fperiod%3D2018%2DQ1%26by%3Dmember");
    let page = nobody.get(&door).await.text();
    assert!(
        page.contains("value=\"/track?period=2018-Q1&amp;by=member\""),
        "{page}"
    );
    let known = house.client(Who::Planner).get(&door).await;
    assert_eq!(known.header("location"), "/track?period=2018-Q1&by=member");
}

/// An error in an address is shown only where a form of ours led there: anybody else could put words into our mouth.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn words_from_elsewhere_are_not_ours() {
    let house = House::start().await;
    let nobody = house.client(Who::Anonymous);
    let origin = format!("http://{HOST}");
    let refused = nobody
        .clone()
        .with("origin", &origin)
        .with("accept", "text/html")
        .with("referer", &format!("{origin}/sign-in"))
        .post_form(
            "/api/app/session/sign_in",
            "email=a%40b.cn&password=wrong-wrong-wrong",
        )
        .await;
    let address = refused.header("location").to_owned();
    assert!(address.contains("__err="), "{address}");
    let path = address.strip_prefix(&origin).unwrap_or(&address);
    let alert = "role=\"alert\"";
    let page = |site: &'static str| nobody.clone().with("sec-fetch-site", site);
    let shown = page("same-origin").get(path).await;
    assert!(shown.text().contains(alert), "{}", shown.text());
    let by_referer = nobody
        .clone()
        .with("referer", &format!("{origin}/sign-in"))
        .get(path)
        .await;
    assert!(
        by_referer.text().contains(alert),
        "plain http names no Sec-Fetch-Site"
    );
    for site in ["cross-site", "none", "same-site"] {
        let kept = page(site).get(path).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER, "{site}");
        assert_eq!(kept.header("location"), "/sign-in", "{site}");
    }
    let foreign = nobody
        .clone()
        .with("referer", "http://evil.example/")
        .get(path)
        .await;
    assert_eq!(foreign.status, StatusCode::SEE_OTHER);
    let rest = page("none")
        .get(&format!("/track?by=member&{}", path.split_once('?').unwrap().1))
        .await;
    assert_eq!(rest.header("location"), "/track?by=member");
}

/// What a page says its language is.
fn language(page: &str) -> &str {
    let (_, rest) = page.split_once("<html lang=\"").unwrap();
    rest.split_once('"').unwrap().0
}

/// The title of a page that is answered well.
async fn title(client: &Client, path: &str) -> String {
    let answer = client.clone().with("accept", "text/html").get(path).await;
    let text = answer.text();
    assert_eq!(answer.status, StatusCode::OK, "{path}: {text}");
    let (_, rest) = text.split_once("<title>").unwrap();
    let (title, _) = rest.split_once("</title>").unwrap();
    title.to_owned()
}
