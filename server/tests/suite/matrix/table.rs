//! The table of verdicts.
//!
//! Names in braces stand for things that exist: see `things`. Rows are asked from the top down, by everybody in turn, so
//! that what a row ends comes after what needs it.

/// How a request is made.
pub(super) enum Ask {
    /// A page, as a browser opens it.
    Page,
    /// A query string and no body.
    Query(&'static str),
    /// A JSON body.
    Json(&'static str),
    /// A form's body.
    Form(&'static str),
    /// Two-part form with a file, as `POST /api/v1/imports` takes it.
    Upload,
}

/// Method, path, how to ask, and the verdicts for: anonymous, rep, sibling, manager, other manager, planner, owner, viewer;
/// the owner's tokens for read, import, plan, admin; the disabled planner.
pub(super) type Row = (&'static str, &'static str, Ask, &'static str);

#[rustfmt::skip]
pub(super) const TABLE: &[Row] = &[
    //                                                                        anon rep sib mgr oth pln own vwr  rd im pl ad  dis
    ("GET",  "/healthz",                              Ask::Query(""),         "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/readyz",                               Ask::Query(""),         "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/events",                               Ask::Query(""),         "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    // Pages: everybody sees the frame or the door; what is in them comes by server functions.
    // Who plans sees the round; the others are led to their numbers.
    ("GET",  "/",                                     Ask::Page,              ">   >   >   >   >   +   +   >    >  >  >  >   >"),
    ("GET",  "/sign-in",                              Ask::Page,              "+   >   >   >   >   >   >   >    +  +  +  +   +"),
    ("GET",  "/set-up",                               Ask::Page,              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/set/baseline",                         Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/set/target",                           Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/split",                                Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/split/workbook",                       Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/track",                                Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/my-target",                            Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/data/import",                          Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/notices",                              Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    ("GET",  "/admin/people",                         Ask::Page,              ">   +   +   +   +   +   +   +    >  >  >  >   >"),
    // Server functions; tokens are for programs and count for nothing here.
    ("POST", "/api/app/session/who",                  Ask::Json("{}"),        "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/session/sign_in",              Ask::Form("email=x%40attain.test&password=not-the-one"),
                                                                              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    // Nobody here is on the machine itself, and there is no sample company.
    ("POST", "/api/app/session/sign_in_demo",         Ask::Form("role=owner"), "-  -   -   -   -   -   -   -    -  -  -  -   -"),
    ("POST", "/api/app/preference/set",               Ask::Form("theme=dark"), "+  +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/set_up/state",                 Ask::Json("{\"link\":\"no-link\"}"),
                                                                              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/set_up/set_up",                Ask::Form("link=no-link&organization_name=x&owner_name=x&email=x%40attain.test&password=corridor-lantern-43"),
                                                                              "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("POST", "/api/app/organization/set_business_date", Ask::Form("day=2018-02-15"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/home/bookings", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/home/in_work", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/baseline/load", Ask::Json("{\"query\":{}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/track/board", Ask::Json("{\"query\":{}}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/track/records", Ask::Json("{\"query\":{\"board\":{},\"dimension\":\"month\",\"key\":\"2018-01\"}}"),
                                                                              "?   +   +   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/target/plans", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/target/horizons", Ask::Json("{}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/target/create", Ask::Json("{\"plan\":{\"metric\":\"bookings\",\"from\":0,\"to\":0,\"period_kind\":\"month\",\"total\":0}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/answers", Ask::Json("{\"version\":\"{published}\"}"),
                                                                              "?   -   -   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/open", Ask::Json("{\"version\":null}"),
                                                                              "?   -   -   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/first-rows", Ask::Json("{\"version\":null}"),
                                                                              "?   -   -   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/change", Ask::Json("{\"version\":\"{draft}\",\"base\":0,\"command\":{\"command\":\"set\",\"node\":0,\"period\":null,\"amount\":1,\"keep\":\"none\"}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/workbook/enter", Ask::Json("{\"version\":\"{draft}\",\"head\":0,\"amounts\":[],\"name\":\"x.xlsx\"}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/step", Ask::Json("{\"version\":\"{draft}\",\"base\":0,\"intent\":\"undo\"}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/news", Ask::Json("{\"version\":\"{draft}\",\"after\":0}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/why", Ask::Json("{\"version\":\"{published}\",\"node\":0,\"period\":null}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/my-target/list", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/my-target/confirm", Ask::Form("version={published}&node={node}&hash={hash}"),
                                                                              "?   +   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/my-target/counter", Ask::Form("version={published}&node={node}&hash={hash}&comment=y"),
                                                                              "?   +   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    // Everybody has notices of their own; the first one is the rep's.
    ("POST", "/api/app/notice/list", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/notice/read", Ask::Form("id={notice}"),
                                                                              "?   +   -   -   -   -   -   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/notice/read-all", Ask::Form(""),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/notice/mail", Ask::Form("wanted=false"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    // The plan of record steps back.
    ("POST", "/api/app/split/branch", Ask::Json("{\"version\":\"{published}\"}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/split/publish", Ask::Json("{\"version\":\"{draft}\"}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/list", Ask::Json("{}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/view", Ask::Json("{\"id\":\"{import}\"}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/check", Ask::Json("{\"id\":\"{import}\",\"choices\":{\"options\":{},\"kinds\":{},\"mappings\":{},\"fixes\":[],\"drops\":[]}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/commit", Ask::Json("{\"id\":\"{import}\",\"choices\":{\"options\":{},\"kinds\":{},\"mappings\":{},\"fixes\":[],\"drops\":[]}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/cancel", Ask::Json("{\"id\":\"{import}\"}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/undo", Ask::Json("{\"id\":\"{import}\"}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/bookings", Ask::Json("{}"),
                                                                              "?   +   +   +   +   +   +   +    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/import/choose-bookings", Ask::Json("{\"bookings\":{\"from\":\"deals\",\"order_amount\":\"net\"}}"),
                                                                              "?   -   -   -   -   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/list", Ask::Json("{}"),
                                                                              "?   -   -   +   +   +   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/create-user", Ask::Json("{\"email\":\"new@attain.test\",\"name\":\"New\",\"role\":\"rep\",\"password\":\"corridor-lantern-44\",\"member\":null}"),
                                                                              "?   -   -   -   -   -   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/set-access", Ask::Json("{\"user\":\"{user}\",\"access\":\"disabled\"}"),
                                                                              "?   -   -   -   -   -   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/create-member", Ask::Json("{\"member\":{\"name\":\"新人\",\"external_id\":null,\"email\":null,\"hired_on\":null,\"left_on\":null},\"unit\":\"{unit}\",\"from\":17000}"),
                                                                              "?   -   -   -   -   -   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/move", Ask::Json("{\"member\":\"{member}\",\"unit\":\"{unit}\",\"from\":17000}"),
                                                                              "?   -   -   -   -   -   +   -    ?  ?  ?  ?   ?"),
    ("POST", "/api/app/people/create-unit", Ask::Json("{\"unit\":{\"parent\":\"{unit}\",\"level\":\"team\",\"name\":\"新组\",\"code\":null,\"manager\":null}}"),
                                                                              "?   -   -   -   -   -   +   -    ?  ?  ?  ?   ?"),
    // The interface.
    ("GET",  "/api/v1/openapi.json",                  Ask::Query(""),         "+   +   +   +   +   +   +   +    +  +  +  +   +"),
    ("GET",  "/api/v1/me",                            Ask::Query(""),         "?   +   +   +   +   +   +   +    +  +  +  +   ?"),
    ("GET",  "/api/v1/attainment",                    Ask::Query("?metric=bookings&from=2017-10-01&to=2018-01-01&by=member"),
                                                                              "?   +   +   +   +   +   +   +    +  -  -  -   ?"),
    ("GET",  "/api/v1/bookings",                      Ask::Query(""),         "?   +   +   +   +   +   +   +    +  -  -  -   ?"),
    ("PUT",  "/api/v1/bookings", Ask::Json("{\"from\":\"deals\",\"order_amount\":\"net\"}"),
                                                                              "?   -   -   -   -   +   +   -    -  +  -  -   ?"),
    ("GET",  "/api/v1/jobs",                          Ask::Query(""),         "?   -   -   -   -   -   +   -    -  -  -  +   ?"),
    // The owner's is the first that finds it given up; then it waits, and is nothing to try again.
    ("POST", "/api/v1/jobs/{job}/retry",              Ask::Query(""),         "?   -   -   -   -   -   +   -    -  -  -  -   ?"),
    ("POST", "/api/v1/imports",                       Ask::Upload,            "?   -   -   -   -   +   +   -    -  +  -  -   ?"),
    ("GET",  "/api/v1/imports/{id}",                  Ask::Query(""),         "?   -   -   -   -   +   +   -    -  +  -  -   ?"),
    ("POST", "/api/v1/imports/{id}/cancel",           Ask::Query(""),         "?   -   -   -   -   +   +   -    -  +  -  -   ?"),
    ("POST", "/api/v1/imports/{id}/undo",             Ask::Query(""),         "?   -   -   -   -   +   +   -    -  +  -  -   ?"),
    ("GET",  "/api/v1/imports/{id}/errors.csv",       Ask::Query(""),         "?   -   -   -   -   +   +   -    -  +  -  -   ?"),
    ("GET",  "/api/v1/versions/{version}/export.xlsx", Ask::Query(""),        "?   -   -   +   +   +   +   -    +  -  -  -   ?"),
    ("POST", "/api/v1/versions/{version}/workbook",   Ask::Upload,            "?   -   -   -   -   +   +   -    -  -  +  -   ?"),
    ("GET",  "/api/v1/{*nothing}",                    Ask::Query(""),         "-   -   -   -   -   -   -   -    -  -  -  -   -"),
    // Ends the sessions it is asked with, and so comes last.
    ("POST", "/api/app/session/sign_out",             Ask::Form(""),          "+   +   +   +   +   +   +   +    +  +  +  +   +"),
];
