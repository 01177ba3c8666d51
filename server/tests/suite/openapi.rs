//! The description of the interface: valid, and of what there is.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::house::{House, Who};

/// Every `$ref` below a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => found.push(target),
                    _ => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_description_is_openapi_3_1_and_says_what_there_is() {
    let house = House::start().await;
    let answer = house.client(Who::Anonymous).get("/api/v1/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    let description = answer.json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1."));
    let paths = description["paths"].as_object().unwrap();
    let names: Vec<&str> = paths.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "/api/v1/approvals",
            "/api/v1/approvals/chain",
            "/api/v1/attachments",
            "/api/v1/attachments/{attachment}",
            "/api/v1/attainment",
            "/api/v1/baseline",
            "/api/v1/baseline/channels",
            "/api/v1/baseline/customers",
            "/api/v1/baseline/exclusions",
            "/api/v1/baseline/exclusions/{external_id}",
            "/api/v1/bookings",
            "/api/v1/capability",
            "/api/v1/factors",
            "/api/v1/factors/things",
            "/api/v1/factors/{factor}",
            "/api/v1/fairness/limits",
            "/api/v1/imports",
            "/api/v1/imports/{id}",
            "/api/v1/imports/{id}/cancel",
            "/api/v1/imports/{id}/errors.csv",
            "/api/v1/imports/{id}/undo",
            "/api/v1/jobs",
            "/api/v1/jobs/{job}/retry",
            "/api/v1/leave",
            "/api/v1/leave/{leave}",
            "/api/v1/me",
            "/api/v1/me/targets",
            "/api/v1/members/{member}/leave",
            "/api/v1/members/{member}/targets",
            "/api/v1/negotiations",
            "/api/v1/negotiations/{negotiation}/due",
            "/api/v1/negotiations/{negotiation}/moves",
            "/api/v1/outlook",
            "/api/v1/questionnaires",
            "/api/v1/questionnaires/{questionnaire}",
            "/api/v1/questionnaires/{questionnaire}/answers",
            "/api/v1/questionnaires/{questionnaire}/close",
            "/api/v1/questionnaires/{questionnaire}/due",
            "/api/v1/questionnaires/{questionnaire}/members",
            "/api/v1/questionnaires/{questionnaire}/remind",
            "/api/v1/questionnaires/{questionnaire}/send",
            "/api/v1/ramp",
            "/api/v1/revisions",
            "/api/v1/revisions/rules/{rule}",
            "/api/v1/revisions/{revision}/dismiss",
            "/api/v1/scenarios",
            "/api/v1/scenarios/compare",
            "/api/v1/versions/{version}/acknowledgements",
            "/api/v1/versions/{version}/acknowledgements/remind",
            "/api/v1/versions/{version}/agreed",
            "/api/v1/versions/{version}/approval",
            "/api/v1/versions/{version}/approve",
            "/api/v1/versions/{version}/archive",
            "/api/v1/versions/{version}/branch",
            "/api/v1/versions/{version}/commands",
            "/api/v1/versions/{version}/export.xlsx",
            "/api/v1/versions/{version}/fairness",
            "/api/v1/versions/{version}/levels",
            "/api/v1/versions/{version}/lines/{by}",
            "/api/v1/versions/{version}/models",
            "/api/v1/versions/{version}/name",
            "/api/v1/versions/{version}/publish",
            "/api/v1/versions/{version}/pulse",
            "/api/v1/versions/{version}/purpose",
            "/api/v1/versions/{version}/redo",
            "/api/v1/versions/{version}/remarks",
            "/api/v1/versions/{version}/remarks/{thread}",
            "/api/v1/versions/{version}/restore",
            "/api/v1/versions/{version}/return",
            "/api/v1/versions/{version}/revision",
            "/api/v1/versions/{version}/row-lines/{by}",
            "/api/v1/versions/{version}/rows",
            "/api/v1/versions/{version}/rows/{row}/amount",
            "/api/v1/versions/{version}/rows/{row}/hold",
            "/api/v1/versions/{version}/rows/{row}/levels",
            "/api/v1/versions/{version}/rows/{row}/lines",
            "/api/v1/versions/{version}/rows/{row}/lines/{by}",
            "/api/v1/versions/{version}/rows/{row}/send",
            "/api/v1/versions/{version}/rows/{row}/span",
            "/api/v1/versions/{version}/rows/{row}/split",
            "/api/v1/versions/{version}/staffing",
            "/api/v1/versions/{version}/staffing/preview",
            "/api/v1/versions/{version}/submit",
            "/api/v1/versions/{version}/target",
            "/api/v1/versions/{version}/undo",
            "/api/v1/versions/{version}/what-if",
            "/api/v1/versions/{version}/why",
            "/api/v1/versions/{version}/workbook",
        ]
    );
    let mut found = Vec::new();
    references(&description, &mut found);
    assert!(!found.is_empty());
    for target in found {
        let at = target.strip_prefix('#').unwrap();
        assert!(description.pointer(at).is_some(), "{target} leads nowhere");
    }
    let attainment = &description["paths"]["/api/v1/attainment"]["get"];
    let parameters: Vec<&str> = attainment["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    assert_eq!(parameters, ["metric", "from", "to", "by", "as_of"]);
    // An upload is described as it is read: every kind, every option, no other.
    let schema = |name: &str| &description["components"]["schemas"][name];
    let kinds: Vec<&str> = domain::import::Kind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    assert_eq!(schema("Kind")["enum"], json!(kinds));
    // Two shapes of one name would be described as one of them.
    assert!(schema("AttainmentRow")["properties"]["keys"].is_object());
    assert!(schema("QuestionnaireRow")["properties"]["answered"].is_object());
    assert!(schema("WhyStep")["properties"]["reason_code"].is_object());
    assert!(schema("MarketUnknown")["properties"]["quarters"].is_object());
    let options = schema("Options");
    let described: BTreeSet<&str> = options["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(described, BTreeSet::from(domain::import::Options::NAMES));
    assert_eq!(options["additionalProperties"], json!(false));
    // What crosses list with zero, and what they do not, is part of the promise.
    assert!(attainment["description"].as_str().unwrap().contains("50,000"));
}
