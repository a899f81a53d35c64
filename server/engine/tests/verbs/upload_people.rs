//! Files of people that are handed over in a browser.

use chrono::TimeDelta;
use engine::{Actor, Person, Refused, Role, SaidOfFile, Stage, UploadError};
use uuid::Uuid;

use world::{World, email, on_both};

on_both![
    a_file_is_kept_looked_at_and_carried_out,
    another_node_goes_on_with_it,
    what_is_wrong_in_it_keeps_everybody_out,
    somebody_says_which_column_is_what,
    it_goes_after_a_day,
    it_is_for_who_looks_after_everybody,
];

const FILE: &str = "name,email,group,role\nEve Adams,eve@northfield.example,Northfield/Cohort A,learner\n\
     Fay Brown,fay@northfield.example,Northfield/Cohort A,learner\n";

async fn root(world: &World) -> Person {
    world.person("root", &[Role::Administrator]).await.person
}

async fn upload(world: &World, by: &Person, file: &str) -> Uuid {
    world.engine.upload_people(by, "people.csv", file.as_bytes().to_vec()).await.unwrap()
}

async fn a_file_is_kept_looked_at_and_carried_out(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let id = upload(&world, &root, FILE).await;
    let kept = engine.upload(&root, id).await.unwrap();
    assert_eq!((&*kept.file_name, &kept.stage), ("people.csv", &Stage::Waits));
    let draft = engine.draft_of(&root, &kept).await.unwrap();
    assert_eq!((draft.lines, draft.plan.unwrap().counts().new), (2, 2));
    assert_eq!(engine.find_person(&email("eve")).await.unwrap(), None, "looking at it writes nothing");
    assert!(engine.start_upload(&root, id).await.unwrap());
    assert!(!engine.start_upload(&root, id).await.unwrap(), "pressed twice, it begins once");
    assert_eq!(engine.upload(&root, id).await.unwrap().stage, Stage::UnderWay(None));
    engine.carry_out_upload(&root, id).await.unwrap();
    assert!(matches!(engine.upload(&root, id).await.unwrap().stage, Stage::Done(_)));
    assert!(engine.find_person(&email("eve")).await.unwrap().is_some());
    assert_eq!(world.raw.count("roster_upload_piece").await, 0, "the file goes when it is done");
    let last = engine.last_import(&root).await.unwrap().unwrap();
    assert_eq!((last.by.as_deref(), last.began, last.changed, last.left), (Some("root"), 2, 0, 0));
    engine.undo_import(Actor::Person(root.id), |_| ()).await.unwrap();
    assert!(engine.last_import(&root).await.unwrap().unwrap().undone_at.is_some());
    assert_eq!(engine.compare_rows().await.unwrap(), []);
}

async fn another_node_goes_on_with_it(world: World) {
    let root = root(&world).await;
    let id = upload(&world, &root, FILE).await;
    assert!(world.engine.start_upload(&root, id).await.unwrap());
    // The node at which it was started is gone before anything was decided.
    let other = world.another_node().await;
    assert!(!other.engine.start_upload(&root, id).await.unwrap());
    world.waits(TimeDelta::minutes(3));
    assert_eq!(other.engine.upload(&root, id).await.unwrap().stage, Stage::Waits);
    assert!(other.engine.start_upload(&root, id).await.unwrap());
    other.engine.carry_out_upload(&root, id).await.unwrap();
    assert!(matches!(other.engine.upload(&root, id).await.unwrap().stage, Stage::Done(_)));
    other.engine.close().await;
}

async fn what_is_wrong_in_it_keeps_everybody_out(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let id = upload(&world, &root, &format!("{FILE}Nobody,nowhere,,learner\n")).await;
    let kept = engine.upload(&root, id).await.unwrap();
    assert_eq!(engine.draft_of(&root, &kept).await.unwrap().plan.unwrap().counts().refused, 1);
    assert!(engine.start_upload(&root, id).await.unwrap());
    engine.carry_out_upload(&root, id).await.unwrap();
    let stage = engine.upload(&root, id).await.unwrap().stage;
    assert!(matches!(&stage, Stage::Failed(why) if why.contains("nothing has been changed")), "{stage:?}");
    assert_eq!(engine.find_person(&email("eve")).await.unwrap(), None);
}

async fn somebody_says_which_column_is_what(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let id =
        upload(&world, &root, "Forename,Surname,Work address,role\nEve,Adams,eve@northfield.example,learner\n").await;
    let kept = engine.upload(&root, id).await.unwrap();
    let draft = engine.draft_of(&root, &kept).await.unwrap();
    assert!(draft.plan.is_none() && draft.columns.is_err());
    let column =
        |field: &str, names: &[&str]| (field.to_owned(), names.iter().map(|name| (*name).to_owned()).collect());
    let columns = vec![column("name", &["Forename", "Surname"]), column("email", &["Work address"])];
    engine.say_of_upload(&root, id, &SaidOfFile { columns, day_first: None }).await.unwrap();
    let kept = engine.upload(&root, id).await.unwrap();
    let plan = engine.draft_of(&root, &kept).await.unwrap().plan.unwrap();
    assert_eq!((plan.counts().new, &*plan.lines[0].who), (1, "Eve Adams <eve@northfield.example>"));
}

async fn it_goes_after_a_day(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let id = upload(&world, &root, FILE).await;
    world.waits(TimeDelta::hours(25));
    engine.forget_uploads().await.unwrap();
    assert!(matches!(engine.upload(&root, id).await, Err(Refused::NotFound)));
    assert_eq!(world.raw.count("roster_upload_piece").await, 0);
}

async fn it_is_for_who_looks_after_everybody(world: World) {
    let (engine, root) = (&world.engine, root(&world).await);
    let mina = world.person("mina", &[Role::Manager]).manages("Northfield").await.person;
    let refused = engine.upload_people(&mina, "people.csv", FILE.as_bytes().to_vec()).await;
    assert!(matches!(refused, Err(UploadError::NotTheirs)));
    let id = upload(&world, &root, FILE).await;
    assert!(matches!(engine.upload(&mina, id).await, Err(Refused::NotForYou)));
    assert!(matches!(engine.start_upload(&mina, id).await, Err(Refused::NotForYou)));
    assert!(matches!(engine.last_import(&mina).await, Err(Refused::NotForYou)));
    let refused = engine.upload_people(&root, "x.pdf", b"%PDF-1.7".to_vec()).await;
    assert!(matches!(refused, Err(UploadError::File(_))));
}
