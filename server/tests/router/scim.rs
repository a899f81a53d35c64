//! What a directory sends, as Entra ID and Okta do.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use chrono::{Days, TimeDelta};
use engine::{Actor, Bearer, Duty, GroupId, NewJoinCode, NewToken, PersonDetails, PersonId, Role, TokenId};
use serde_json::{Value, json};

use crate::site::{Browser, Reply, Site};
use world::{PASSWORD, World, audience, group, on_both};

on_both![
    a_directory_brings_somebody_in_and_changes_them,
    who_leaves_the_directory_leaves_and_loses_nothing,
    who_is_to_leave_later_leaves_when_the_directory_says_so,
    what_is_refused_of_a_change_changes_nothing,
    who_is_sent_as_away_begins_and_leaves_at_once,
    what_is_refused_of_a_group_changes_nothing,
    a_name_that_is_no_address_is_kept_beside_the_address,
    however_accents_are_written_it_is_the_same_name,
    groups_are_kept_in_step,
    what_cannot_be_is_said_with_the_attribute,
    nobody_gets_in_without_the_token_for_it,
    whose_address_is_their_own_word_is_not_found_by_it,
    everybody_is_listed_by_pages,
    what_the_directory_does_is_sealed_and_says_which_token,
    a_directory_learns_what_there_is,
];

/// A directory with its token.
struct Directory {
    browser: Browser,
    token: String,
    id: TokenId,
}

impl Directory {
    async fn of(world: &World, role: Role) -> Self {
        let new = NewToken { name: "Entra ID".to_owned(), bearer: Bearer::Duty(Duty { role, over: None }) };
        let (id, token) = world.engine.create_token(&new, Actor::CommandLine).await.unwrap();
        Self { browser: Site::over(world).browser(), token, id }
    }

    async fn sends(&mut self, method: Method, address: &str, sent: Option<Value>) -> (StatusCode, Value) {
        let reply = self.reply(method, address, sent).await;
        if reply.body.is_empty() {
            return (reply.status, Value::Null);
        }
        assert_eq!(reply.header("content-type"), "application/scim+json", "{}", reply.text());
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    async fn reply(&mut self, method: Method, address: &str, sent: Option<Value>) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(format!("/scim/v2{address}"))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token))
            .header(header::CONTENT_TYPE, "application/scim+json");
        let body = sent.map_or_else(Body::empty, |sent| Body::from(sent.to_string()));
        self.browser.send(request.body(body).unwrap()).await
    }

    async fn gets(&mut self, address: &str) -> Value {
        let (status, found) = self.sends(Method::GET, address, None).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        found
    }

    async fn adds(&mut self, what: &str, sent: Value) -> Value {
        let (status, made) = self.sends(Method::POST, what, Some(sent)).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        made
    }

    async fn patches(&mut self, what: &str, id: &Value, operations: Value) -> (StatusCode, Value) {
        let sent = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations });
        self.sends(Method::PATCH, &format!("{what}/{}", id.as_str().unwrap()), Some(sent)).await
    }
}

fn amy() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
        "externalId": "e-17",
        "userName": "Amy.Ahmed@northfield.example",
        "active": true,
        "displayName": "Amy Ahmed",
        "name": { "givenName": "Amy", "familyName": "Ahmed", "formatted": "Amy Ahmed" },
        "emails": [{ "type": "work", "primary": true, "value": "amy.ahmed@northfield.example" }],
        "userType": "Learner",
        "title": "Apprentice",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": { "department": "Joinery" },
    })
}

async fn a_directory_brings_somebody_in_and_changes_them(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let filter = "/Users?filter=userName%20eq%20%22amy.ahmed%40northfield.example%22";
    assert_eq!(directory.gets(filter).await["totalResults"], 0);
    let made = directory.adds("/Users", amy()).await;
    let id = made["id"].clone();
    assert_eq!(made["userName"], "amy.ahmed@northfield.example");
    assert_eq!(
        (&made["displayName"], &made["userType"], &made["active"]),
        (&json!("Amy Ahmed"), &json!("learner"), &json!(true))
    );
    assert!(made["meta"]["location"].as_str().unwrap().ends_with(&format!("/scim/v2/Users/{}", id.as_str().unwrap())));
    assert_eq!(directory.gets(filter).await["Resources"][0]["id"], id);
    let by_id = "/Users?filter=externalId%20eq%20%22e-17%22&attributes=userName";
    assert_eq!(
        directory.gets(by_id).await["Resources"][0],
        json!({ "id": id, "schemas": made["schemas"], "userName": made["userName"] })
    );

    // In a body it stands in no log of a proxy.
    let sought = json!({ "filter": "userName eq \"amy.ahmed@northfield.example\"", "attributes": ["userName"] });
    let (status, sought) = directory.sends(Method::POST, "/Users/.search", Some(sought)).await;
    assert_eq!((status, &sought["Resources"][0]["userName"]), (StatusCode::OK, &made["userName"]));

    // Again is a conflict, and nobody is there twice.
    let (status, said) = directory.sends(Method::POST, "/Users", Some(amy())).await;
    assert_eq!((status, &said["scimType"]), (StatusCode::CONFLICT, &json!("uniqueness")));

    let (status, changed) = directory
        .patches("/Users", &id, json!([
            { "op": "Replace", "path": "displayName", "value": "Amy Ahmed-Żak" },
            { "op": "Replace", "path": "name.givenName", "value": "Amy" },
            { "op": "Replace", "path": "emails[type eq \"work\"].value", "value": "amy.zak@northfield.example" },
            { "op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "IT" },
            { "op": "Replace", "path": "userName", "value": "amy.zak@northfield.example" },
            { "op": "Add", "path": "userType", "value": "learner, staff" },
        ]))
        .await;
    assert_eq!(status, StatusCode::OK, "{changed}");
    assert_eq!(changed["userName"], "amy.zak@northfield.example");
    assert_eq!(changed["name"]["formatted"], "Amy Ahmed-Żak");
    assert_eq!((&changed["userType"], &changed["externalId"]), (&json!("learner,staff"), &json!("e-17")));

    // Okta sends people whole, with the name in parts alone.
    let whole = json!({ "userName": "amy.zak@northfield.example", "name": { "formatted": "Amy Zak", "givenName": "Amy" }, "active": true });
    let address = format!("/Users/{}", id.as_str().unwrap());
    let (status, set) = directory.sends(Method::PUT, &address, Some(whole)).await;
    assert_eq!(
        (status, &set["displayName"], &set["userType"], set.get("externalId")),
        (StatusCode::OK, &json!("Amy Zak"), &json!("learner,staff"), None)
    );
    let person = world.engine.find_person("amy.zak@northfield.example").await.unwrap().unwrap();
    assert_eq!(person.to_string(), id.as_str().unwrap());
}

async fn who_leaves_the_directory_leaves_and_loses_nothing(world: World) {
    let amy = world.learner("amy").passes("four-cs").await;
    let mut browser = Site::over(&world).browser_of(&amy).await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let id = json!(amy.person.id.to_string());
    // Entra writes truth as a text.
    let (status, gone) =
        directory.patches("/Users", &id, json!([{ "op": "Replace", "path": "active", "value": "False" }])).await;
    assert_eq!((status, &gone["active"]), (StatusCode::OK, &json!(false)), "{gone}");
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
    let (status, back) =
        directory.patches("/Users", &id, json!([{ "op": "replace", "value": { "active": true } }])).await;
    assert_eq!((status, &back["active"]), (StatusCode::OK, &json!(true)), "{back}");

    let address = format!("/Users/{}", amy.person.id);
    for _ in 0..2 {
        let (status, _) = directory.sends(Method::DELETE, &address, None).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
            let (status, _) = directory.sends(method.clone(), &address, Some(json!({ "Operations": [] }))).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{method}");
        }
        let filter = format!("/Users?filter=id%20eq%20%22{}%22", amy.person.id);
        assert_eq!(directory.gets(&filter).await["totalResults"], 0);
        assert!(world.engine.person(amy.person.id).await.unwrap().is_none());
        // Whoever comes back is who they were, with what they did.
        let sent = json!({ "userName": world::email("amy"), "displayName": "Amy Back", "externalId": "new" });
        let made = directory.adds("/Users", sent).await;
        assert_eq!((&made["id"], &made["displayName"], &made["active"]), (&id, &json!("Amy Back"), &json!(true)));
        assert_eq!(world.raw.count("completion").await, 1);
    }
}

async fn who_is_to_leave_later_leaves_when_the_directory_says_so(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    for (email, is_changed) in [("amy@northfield.example", true), ("ben@northfield.example", false)] {
        let sent = json!({ "userName": email, "displayName": email, "userType": "learner", "externalId": email });
        let made = directory.adds("/Users", sent).await;
        let address = format!("/Users/{}", made["id"].as_str().unwrap());
        let id = PersonId::parse(made["id"].as_str().unwrap()).unwrap();
        world.engine.leave(id, world::today(&world) + Days::new(7), Actor::CommandLine).await.unwrap();
        assert_eq!(directory.gets(&address).await["active"], true);
        let (status, _) = if is_changed {
            let operations = json!([{ "op": "replace", "path": "active", "value": false }]);
            directory.patches("/Users", &made["id"], operations).await
        } else {
            directory.sends(Method::DELETE, &address, None).await
        };
        assert!(status.is_success(), "{email}: {status}");
        assert_eq!(world.engine.person(id).await.unwrap(), None, "{email}");
    }
}

async fn what_is_refused_of_a_change_changes_nothing(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    // She has not begun, and so cannot leave.
    let amy = world.learner("amy").begins_in(7).await.person.id;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Amy New" },
        { "op": "replace", "path": "userName", "value": "new@northfield.example" },
        { "op": "replace", "path": "active", "value": false },
    ]);
    let (status, said) = directory.patches("/Users", &json!(amy.to_string()), operations).await;
    assert_eq!(status, StatusCode::CONFLICT, "{said}");
    let shown = directory.gets(&format!("/Users/{amy}")).await;
    assert_eq!((&shown["displayName"], &shown["userName"]), (&json!("amy"), &json!(world::email("amy"))), "{shown}");
    // He is to be staff as well, and cannot be so no longer before he is.
    let ben = world.learner("ben").await.person.id;
    let (staff, later) = (audience("staff"), world::today(&world) + Days::new(7));
    world.engine.begin_audience(ben, &staff, later, Actor::CommandLine).await.unwrap();
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Ben New" },
        { "op": "replace", "path": "userType", "value": "learner" },
    ]);
    let (status, said) = directory.patches("/Users", &json!(ben.to_string()), operations).await;
    assert_eq!(status, StatusCode::CONFLICT, "{said}");
    assert_eq!(directory.gets(&format!("/Users/{ben}")).await["displayName"], "ben");
    assert_eq!(world.raw.count("detail_set").await, 0);
}

async fn who_is_sent_as_away_begins_and_leaves_at_once(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let mut away = amy();
    away["active"] = json!(false);
    let made = directory.adds("/Users", away.clone()).await;
    assert_eq!(made["active"], false);
    let id = PersonId::parse(made["id"].as_str().unwrap()).unwrap();
    assert_eq!(world.engine.person(id).await.unwrap(), None);
    assert_eq!(world.raw.count("stay WHERE ends_before = begins_on").await, 1);
    // The name is somebody's already: nobody is left behind without it.
    let before = (world.raw.count("person").await, world.raw.count("log_leaf").await);
    away["externalId"] = json!("another");
    let (status, said) = directory.sends(Method::POST, "/Users", Some(away)).await;
    assert_eq!(status, StatusCode::CONFLICT, "{said}");
    assert_eq!((world.raw.count("person").await, world.raw.count("log_leaf").await), before);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn what_is_refused_of_a_group_changes_nothing(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let [amy, ben] = [world.learner("amy").await.person.id, world.learner("ben").await.person.id];
    let new =
        json!({ "displayName": "Westfield/Joiners", "externalId": "g", "members": [{ "value": amy.to_string() }] });
    let made = directory.adds("/Groups", new).await;
    let (id, address) = (made["id"].clone(), format!("/Groups/{}", made["id"].as_str().unwrap()));
    let joiners = GroupId::parse(made["id"].as_str().unwrap()).unwrap();
    // He is to be in it from a later day on, and cannot be taken out of it before.
    let later = world::today(&world) + Days::new(7);
    world.engine.join_group(ben, joiners, later, Actor::CommandLine).await.unwrap();
    let before = (directory.gets(&address).await, world.raw.count("log_leaf").await);
    let groups = world.raw.count("people_group").await;
    assert_eq!(before.0["members"].as_array().unwrap().len(), 2);

    let nobody = "00000000-0000-7000-8000-000000000000";
    for (method, sent, refused) in [
        // A group would be made above it, and it would stand below itself.
        (Method::PUT, json!({ "displayName": "Westfield/Joiners/New/Sub" }), StatusCode::CONFLICT),
        (Method::PUT, json!({ "displayName": "Eastfield/New/", "externalId": "g" }), StatusCode::BAD_REQUEST),
        (
            Method::PUT,
            json!({ "displayName": "Eastfield/Leavers", "members": [{ "value": nobody }] }),
            StatusCode::BAD_REQUEST,
        ),
        (Method::PUT, json!({ "displayName": "Eastfield/Leavers", "members": [] }), StatusCode::CONFLICT),
        (Method::DELETE, Value::Null, StatusCode::CONFLICT),
    ] {
        let (status, said) = directory.sends(method, &address, Some(sent.clone())).await;
        assert_eq!(status, refused, "{sent}: {said}");
        assert_eq!((directory.gets(&address).await, world.raw.count("log_leaf").await), before, "{sent}");
    }
    let operations = json!([
        { "op": "replace", "path": "externalId", "value": "h" },
        { "op": "remove", "path": "members" },
    ]);
    assert_eq!(directory.patches("/Groups", &id, operations).await.0, StatusCode::CONFLICT);
    for sent in [
        json!({ "displayName": "Northfield/New", "externalId": "g" }),
        json!({ "displayName": "Northfield/New", "members": [{ "value": nobody }] }),
        json!({ "displayName": " Westfield / Joiners " }),
    ] {
        assert!(directory.sends(Method::POST, "/Groups", Some(sent.clone())).await.0.is_client_error(), "{sent}");
    }
    assert_eq!((directory.gets(&address).await, world.raw.count("log_leaf").await), before);
    assert_eq!(world.raw.count("people_group").await, groups);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
}

async fn a_name_that_is_no_address_is_kept_beside_the_address(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let mut sent = amy();
    sent["userName"] = json!("Amy.A");
    let made = directory.adds("/Users", sent.clone()).await;
    let (id, address) = (made["id"].clone(), "amy.ahmed@northfield.example");
    assert_eq!((&made["userName"], &made["emails"][0]["value"]), (&json!("Amy.A"), &json!(address)));
    assert_eq!(world.engine.find_person(address).await.unwrap().unwrap().to_string(), id.as_str().unwrap());
    // Whoever looks after everybody finds it on their page, and them by it.
    let site = Site::over(&world);
    let mut root = site.browser_of(&world.person("root", &[Role::Administrator]).await).await;
    let mut dan = site.browser_of(&world.person("dan", &[Role::Dsl]).await).await;
    let page = format!("/people/{}", id.as_str().unwrap());
    let said = "Known to the directory as <b dir=\"auto\">Amy.A</b>";
    assert!(root.get(&page).await.text().contains(said));
    assert!(root.get(&format!("{page}/change")).await.text().contains("Known to the directory as"));
    assert!(!dan.get(&page).await.text().contains("Known to the directory as"));
    assert!(root.get("/people?name=amy.a").await.text().contains(&page));
    for (filter, found) in [
        ("userName%20eq%20%22amy.a%22", 1),
        ("userName%20eq%20%22amy.ahmed%40northfield.example%22", 0),
        ("emails%5Btype%20eq%20%22work%22%5D.value%20eq%20%22amy.ahmed%40northfield.example%22", 1),
        ("userName%20eq%20%22amy.b%22", 0),
    ] {
        assert_eq!(directory.gets(&format!("/Users?filter={filter}")).await["totalResults"], found, "{filter}");
    }
    let (status, said) = directory.sends(Method::POST, "/Users", Some(sent.clone())).await;
    assert_eq!((status, &said["scimType"]), (StatusCode::CONFLICT, &json!("uniqueness")));
    // The address changes, and then the name: to another one, and to an address.
    let change = |path: &str, value: &str| json!([{ "op": "replace", "path": path, "value": value }]);
    let other = "amy.zak@northfield.example";
    let (_, changed) = directory.patches("/Users", &id, change("emails[type eq \"work\"].value", other)).await;
    assert_eq!((&changed["userName"], &changed["emails"][0]["value"]), (&json!("Amy.A"), &json!(other)));
    let (_, changed) = directory.patches("/Users", &id, change("userName", "a.zak")).await;
    assert_eq!((&changed["userName"], &changed["emails"][0]["value"]), (&json!("a.zak"), &json!(other)));
    let (_, changed) = directory.patches("/Users", &id, change("userName", address)).await;
    assert_eq!((&changed["userName"], &changed["emails"][0]["value"]), (&json!(address), &json!(address)));
    assert_eq!(world.raw.count("user_name").await, 0);
    // Nobody is found by the address alone, which may have been another's before, and nobody has the name of another.
    let (status, _) = directory.sends(Method::POST, "/Users", Some(sent)).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (_, changed) = directory.patches("/Users", &id, change("userName", "Amy.A")).await;
    assert_eq!((&changed["id"], &changed["userName"]), (&id, &json!("Amy.A")));
    let ben = json!({
        "userName": "amy.a", "displayName": "Ben", "userType": "learner",
        "emails": [{ "type": "home", "value": "b@home.example" }, { "type": "other", "primary": true, "value": "ben@northfield.example" }],
    });
    let (status, _) = directory.sends(Method::POST, "/Users", Some(ben.clone())).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let mut ben = ben;
    ben["userName"] = json!("ben");
    let made = directory.adds("/Users", ben).await;
    assert_eq!(made["emails"][0]["value"], "ben@northfield.example");
    let (status, _) = directory.patches("/Users", &made["id"], change("userName", "AMY.A")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    // The name goes with the person's own.
    let (status, _) = directory.sends(Method::DELETE, &format!("/Users/{}", id.as_str().unwrap()), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    world.engine.erase_person(PersonId::parse(id.as_str().unwrap()).unwrap(), Actor::CommandLine).await.unwrap();
    assert_eq!(world.raw.count("user_name").await, 1);
}

async fn however_accents_are_written_it_is_the_same_name(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    // The accent is a sign of its own, as some directories write it.
    let apart = "Zoe\u{308}.K";
    let mut sent = amy();
    sent["userName"] = json!(apart);
    sent["externalId"] = json!("e\u{301}-17");
    let made = directory.adds("/Users", sent.clone()).await;
    assert_eq!((&made["userName"], &made["externalId"]), (&json!("Zoë.K"), &json!("é-17")));
    for filter in [
        "userName%20eq%20%22zoe%CC%88.k%22",
        "userName%20eq%20%22Zo%C3%AB.K%22",
        "externalId%20eq%20%22e%CC%81-17%22",
        "externalId%20eq%20%22%C3%A9-17%22",
    ] {
        assert_eq!(directory.gets(&format!("/Users?filter={filter}")).await["totalResults"], 1, "{filter}");
    }
    let (status, _) = directory.sends(Method::POST, "/Users", Some(sent.clone())).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let before = world.raw.count("detail_set").await;
    let address = format!("/Users/{}", made["id"].as_str().unwrap());
    assert_eq!(directory.sends(Method::PUT, &address, Some(sent)).await.0, StatusCode::OK);
    assert_eq!(world.raw.count("detail_set").await, before, "nothing of it has changed");
    directory.adds("/Groups", json!({ "displayName": "Ro\u{302}n" })).await;
    let filter = "/Groups?filter=displayName%20eq%20%22ro%CC%82n%22";
    assert_eq!(directory.gets(filter).await["Resources"][0]["displayName"], "Rôn");
}

async fn groups_are_kept_in_step(world: World) {
    let (amy, ben) =
        (world.learner("amy").await.person.id.to_string(), world.learner("ben").await.person.id.to_string());
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let made = directory
        .adds(
            "/Groups",
            json!({ "displayName": "Westfield/Joiners", "externalId": "g", "members": [{ "value": amy }] }),
        )
        .await;
    let id = made["id"].clone();
    assert_eq!(made["externalId"], "g");
    let by_theirs = directory.gets("/Groups?filter=externalId%20eq%20%22g%22").await;
    assert_eq!(by_theirs["Resources"][0]["id"], id);
    let (status, _) =
        directory.sends(Method::POST, "/Groups", Some(json!({ "displayName": "Other", "externalId": "g" }))).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!((&made["displayName"], &made["members"][0]["value"]), (&json!("Westfield/Joiners"), &json!(amy)));
    let (status, _) =
        directory.sends(Method::POST, "/Groups", Some(json!({ "displayName": "westfield/joiners" }))).await;
    assert_eq!(status, StatusCode::CONFLICT);

    let found =
        directory.gets("/Groups?filter=displayName%20eq%20%22Westfield%2FJoiners%22&excludedAttributes=members").await;
    assert_eq!((&found["Resources"][0]["id"], found["Resources"][0].get("members")), (&id, None));
    let parts =
        directory.gets("/Groups?filter=displayName%20eq%20%22Westfield%2FJoiners%22&attributes=members.value").await;
    assert_eq!(parts["Resources"][0]["members"][0]["value"], amy);
    let (status, both) = directory
        .patches("/Groups", &id, json!([{ "op": "Add", "path": "members", "value": [{ "value": ben }] }]))
        .await;
    assert_eq!((status, both["members"].as_array().unwrap().len()), (StatusCode::OK, 2));
    let user = directory.gets(&format!("/Users/{ben}")).await;
    assert_eq!(user["groups"][0]["display"], "Joiners");
    for (wanted, who) in [(1, &ben), (0, &amy)] {
        let filter = format!(
            "/Groups?filter=id%20eq%20%22{}%22%20and%20members%20eq%20%22{who}%22&attributes=id",
            id.as_str().unwrap()
        );
        assert_eq!(directory.gets(&filter).await["totalResults"], 1);
        let path = format!("members[value eq \"{who}\"]");
        let (_, left) = directory.patches("/Groups", &id, json!([{ "op": "Remove", "path": path }])).await;
        assert_eq!(left["members"].as_array().unwrap().len(), wanted);
        assert_eq!(directory.gets(&filter).await["totalResults"], 0);
    }
    let (status, renamed) = directory
        .patches("/Groups", &id, json!([{ "op": "Replace", "path": "displayName", "value": "Westfield/Carpenters" }]))
        .await;
    assert_eq!((status, &renamed["displayName"]), (StatusCode::OK, &json!("Westfield/Carpenters")));
    // Okta sends the id along.
    for name in ["Westfield/Joiners", "Westfield/Carpenters"] {
        let operations = json!([{ "op": "replace", "value": { "id": id, "displayName": name } }]);
        let (status, renamed) = directory.patches("/Groups", &id, operations).await;
        assert_eq!((status, &renamed["displayName"]), (StatusCode::OK, &json!(name)));
    }

    let address = format!("/Groups/{}", id.as_str().unwrap());
    let (status, set) = directory
        .sends(
            Method::PUT,
            &address,
            Some(json!({ "displayName": "Westfield/Carpenters", "members": [{ "value": ben }] })),
        )
        .await;
    assert_eq!((status, &set["members"][0]["value"]), (StatusCode::OK, &json!(ben)));
    // What has groups below it does not end.
    let above = directory.gets("/Groups?filter=displayName%20eq%20%22Westfield%22").await;
    let (status, _) = directory
        .sends(Method::DELETE, &format!("/Groups/{}", above["Resources"][0]["id"].as_str().unwrap()), None)
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (status, _) = directory.sends(Method::DELETE, &address, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = directory.sends(Method::GET, &address, None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

async fn what_cannot_be_is_said_with_the_attribute(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let without = |name: &str| {
        let mut sent = amy();
        sent.as_object_mut().unwrap().remove(name);
        sent
    };
    let with = |name: &str, value: Value| {
        let mut sent = amy();
        sent[name] = value;
        sent
    };
    let without_address = || {
        let mut sent = with("userName", json!("amy"));
        sent.as_object_mut().unwrap().remove("emails");
        sent
    };
    let before = world.raw.count("person").await;
    for (sent, said) in [
        (without("userName"), "userName is missing"),
        (without_address(), "userName must be an e-mail address"),
        (with("userName", json!(7)), "userName is a text"),
        (without("userType"), "userType says as whom"),
        (with("userType", json!("wizard")), "one of learner, staff"),
        (with("active", json!("perhaps")), "active is true or false"),
        (with("externalId", json!("a\u{0}b")), "externalId cannot be kept"),
        (
            with("externalId", json!("e".repeat(201))),
            "externalId cannot be kept: it has 1 more than the 200 characters that it may have",
        ),
        (
            with("userName", json!("a".repeat(201))),
            "userName cannot be kept: it has 1 more than the 200 characters that it may have",
        ),
        (with("userName", json!("Amy\u{200b}A")), "userName cannot be kept"),
        (with("displayName", json!("\u{200b}")), "name"),
        (json!([]), "A user is a JSON object"),
    ] {
        let (status, fault) = directory.sends(Method::POST, "/Users", Some(sent)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{fault}");
        assert!(fault["detail"].as_str().unwrap().contains(said), "{fault}");
        assert_eq!(fault["status"], "400");
    }
    assert_eq!(world.raw.count("person").await, before);
    for address in [
        "/Users?filter=userName%20sw%20%22a%22",
        "/Users?filter=title%20eq%20%22a%22",
        "/Users?filter=externalId%20eq%20%22%5Cu0000%22",
    ] {
        let (status, fault) = directory.sends(Method::GET, address, None).await;
        assert_eq!((status, &fault["scimType"]), (StatusCode::BAD_REQUEST, &json!("invalidFilter")), "{address}");
    }
    let (status, _) = directory
        .sends(Method::POST, "/Groups", Some(json!({ "displayName": "A", "members": [{ "value": "x" }] })))
        .await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    // Of a group nothing is written, either, before all of it can be.
    let nobody = json!([{ "value": "019a0000-0000-7000-8000-000000000000" }]);
    for wrong in [
        json!({ "displayName": "A/B", "members": nobody }),
        json!({ "displayName": "A/B", "externalId": "g".repeat(201) }),
    ] {
        let (status, fault) = directory.sends(Method::POST, "/Groups", Some(wrong)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{fault}");
    }
    assert_eq!(world.raw.count("people_group").await, 0);
    // Nor of somebody who is known.
    let made = directory.adds("/Users", amy()).await;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Amy Zak" },
        { "op": "replace", "path": "userName", "value": "a".repeat(201) },
    ]);
    let (status, fault) = directory.patches("/Users", &made["id"], operations).await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{fault}");
    let address = format!("/Users/{}", made["id"].as_str().unwrap());
    assert_eq!(directory.gets(&address).await["displayName"], "Amy Ahmed");
    for nobody in ["x", "00000000-0000-0000-0000-000000000000"] {
        for what in ["Users", "Groups"] {
            let (status, _) = directory.sends(Method::GET, &format!("/{what}/{nobody}"), None).await;
            assert_eq!(status, StatusCode::NOT_FOUND);
        }
    }
}

async fn nobody_gets_in_without_the_token_for_it(world: World) {
    let ada = world.person("ada", &[Role::Administrator]).await;
    let mut signed_in = Site::over(&world).browser_of(&ada).await;
    assert_eq!(signed_in.get("/scim/v2/Users").await.status, StatusCode::UNAUTHORIZED);
    for role in [Role::Auditor, Role::Manager, Role::Dsl] {
        let mut directory = Directory::of(&world, role).await;
        let (status, _) = directory.sends(Method::GET, "/Users", None).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{role:?}");
    }
    let own = NewToken { name: "script".to_owned(), bearer: Bearer::Person(ada.person.id) };
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let (_, token) = world.engine.create_token(&own, Actor::CommandLine).await.unwrap();
    let mut with_own = Directory { browser: directory.browser.clone(), token, id: directory.id };
    assert_eq!(with_own.sends(Method::POST, "/Users", Some(amy())).await.0, StatusCode::FORBIDDEN);

    assert_eq!(directory.sends(Method::GET, "/Users", None).await.0, StatusCode::OK);
    world.engine.end_token(directory.id, Actor::CommandLine).await.unwrap();
    let reply = directory.reply(Method::POST, "/Users", Some(amy())).await;
    assert_eq!((reply.status, reply.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    assert!(world.engine.find_person("amy.ahmed@northfield.example").await.unwrap().is_none());
    // A token that ended while it was at work changes nothing either.
    let by = Actor::Token(directory.id);
    assert!(world.engine.group_at("Nowhere", by).await.is_err());
}

/// Else whoever typed the address of somebody else on an induction day would keep a password to their account.
async fn whose_address_is_their_own_word_is_not_found_by_it(world: World) {
    let engine = &world.engine;
    let group = group(&world, "Northfield/Cohort A").await;
    let expires_at = engine.now() + TimeDelta::days(1);
    let code = NewJoinCode { group, audience: Some(audience("learner")), most: 9, expires_at };
    let code = engine.create_join_code(&code, Actor::CommandLine).await.unwrap().code;
    let mallory = engine.begin_by_code(&code, "Mallory", "amy.ahmed@northfield.example", PASSWORD).await.unwrap();
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let filter = "/Users?filter=userName%20eq%20%22amy.ahmed%40northfield.example%22";
    assert_eq!(directory.gets(filter).await["totalResults"], 0);
    let (status, said) = directory.sends(Method::POST, "/Users", Some(amy())).await;
    assert!(status == StatusCode::CONFLICT && said["detail"].as_str().unwrap().contains("join code"), "{said}");
    let id = json!(mallory.to_string());
    let operations = json!([{ "op": "replace", "path": "externalId", "value": "e-17" }]);
    assert_eq!(directory.patches("/Users", &id, operations.clone()).await.0, StatusCode::CONFLICT);
    // Somebody who looks after the installation says that it is theirs.
    let details = PersonDetails {
        name: "Amy".to_owned(),
        email: Some("amy.ahmed@northfield.example".to_owned()),
        external_id: Some("x".to_owned()),
    };
    engine.correct_details(mallory, &details, Actor::CommandLine).await.unwrap();
    assert_eq!(directory.gets(filter).await["totalResults"], 1);
    assert_eq!(directory.patches("/Users", &id, operations).await.0, StatusCode::OK);
}

async fn everybody_is_listed_by_pages(world: World) {
    for name in ["amy", "ben", "cora", "dev", "eve"] {
        world.learner(name).await;
    }
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let total = directory.gets("/Users?count=0").await;
    assert_eq!((total["totalResults"].as_u64().unwrap() >= 5, total["Resources"].as_array().unwrap().len()), (true, 0));
    let total = total["totalResults"].as_u64().unwrap();
    let mut seen = Vec::new();
    for start in (1..=total).step_by(2) {
        let page = directory.gets(&format!("/Users?startIndex={start}&count=2&attributes=id")).await;
        assert_eq!((page["totalResults"].as_u64(), page["startIndex"].as_u64()), (Some(total), Some(start)));
        seen.extend(page["Resources"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()));
    }
    let all = directory.gets("/Users?startIndex=-3").await;
    let all: Vec<String> =
        all["Resources"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(seen, all);
    assert_eq!(all.len() as u64, total);
    assert_eq!(directory.gets("/Users?count=-1").await["Resources"], json!([]));
}

async fn what_the_directory_does_is_sealed_and_says_which_token(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let made = directory.adds("/Users", amy()).await;
    let (status, _) = directory.sends(Method::DELETE, &format!("/Users/{}", made["id"].as_str().unwrap()), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let by =
        world.raw.texts("SELECT DISTINCT recorded_by FROM stay UNION SELECT DISTINCT end_recorded_by FROM stay").await;
    let wanted = vec![vec![Some(format!("token:{}", directory.id))]];
    assert_eq!(by, wanted);
}

async fn a_directory_learns_what_there_is(world: World) {
    let mut directory = Directory::of(&world, Role::Administrator).await;
    let config = directory.gets("/ServiceProviderConfig").await;
    assert_eq!((&config["patch"]["supported"], &config["bulk"]["supported"]), (&json!(true), &json!(false)));
    for what in ["ResourceTypes", "Schemas"] {
        let all = directory.gets(&format!("/{what}")).await;
        assert_eq!(all["totalResults"], 2);
        for one in all["Resources"].as_array().unwrap() {
            let same = directory.gets(&format!("/{what}/{}", one["id"].as_str().unwrap())).await;
            assert_eq!(same, *one);
        }
        for nothing in [format!("/{what}/Device"), "/Devices".to_owned()] {
            let (status, _) = directory.sends(Method::GET, &nothing, None).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{nothing}");
        }
    }
}
