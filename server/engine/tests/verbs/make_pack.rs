//! An inspection pack: who is drawn follows from a word and a head, what stands in it is proved, and giving it away is noted.

use audit::{
    Extract, Fact, Files, PACK_MANIFEST, PinnedKey, Trusted, Verdict, check_files, from_canonical, verify_pack,
};
use chrono::TimeDelta;
use engine::{Actor, Duty, MadePack, NewPack, PackError, Parts, Role, WhichLooks, local_date};

use world::{Someone, World, now, on_both};

on_both![
    a_pack_has_whom_word_and_head_say_and_holds_by_itself,
    whatever_is_altered_in_a_pack_is_found,
    a_pack_is_drawn_by_the_head_that_was_noted_before,
    a_pack_has_nobody_whom_its_maker_may_not_see,
];

fn asked(sample: usize, word: &str) -> NewPack {
    NewPack { sample, word: word.to_owned(), head: None, beside: Files::new() }
}

async fn people(world: &World) -> Vec<Someone> {
    let mut people = Vec::new();
    for (name, group) in [("amy", "A"), ("ben", "A"), ("cora", "A"), ("dan", "B"), ("eve", "B"), ("fay", "C")] {
        let someone =
            world.learner(name).of(group).passes("four-cs").passes("sharing-nudes").signs("learner-aup").await;
        world.waits(TimeDelta::minutes(1));
        people.push(someone);
    }
    people
}

/// By the key and the head of the log as somebody has them from elsewhere.
async fn trusted(world: &World, head: Option<String>) -> Trusted {
    let key = PinnedKey::parse(&world.engine.log_key().await.unwrap().unwrap()).unwrap();
    Trusted { key: Some(key), known_head: head, ..Trusted::default() }
}

async fn a_pack_has_whom_word_and_head_say_and_holds_by_itself(world: World) {
    let everybody = people(&world).await;
    let ada = world.person("ada", &[Role::Auditor]).await;
    let head = world.engine.log_head().await.unwrap().unwrap().note;
    let reader = now(&ada).await;
    let made = world.engine.make_pack(&reader, asked(4, "  heron ")).await.unwrap();
    let trusted = trusted(&world, Some(head)).await;
    let report = verify_pack(&made.files, &trusted, &mut |_| {});
    assert_eq!((report.verdict, report.faults.len()), (Verdict::Valid, 0), "{report:?}");
    // Ada is here, too, and is in no group; each group has somebody.
    assert_eq!((report.population, made.pack.drawn.len(), made.pack.word.as_str()), (7, 4, "heron"));
    assert_eq!(made.pack.drawn.iter().filter(|drawn| drawn.group.is_none()).count(), 1);
    assert_eq!(report.signatures.shown, 3);
    for drawn in made.pack.drawn.iter().filter(|drawn| drawn.group.is_some()) {
        let extract = Extract::parse(&made.files[&drawn.file]).unwrap();
        let text = String::from_utf8(made.files[&drawn.file].clone()).unwrap();
        assert!(everybody.iter().any(|one| text.contains(&one.person.name)), "{text}");
        assert!(extract.texts.len() == 2 && !text.contains("is_right"), "{:?}", extract.texts);
    }
    let bundle = world.engine.export_log(Parts::All).await.unwrap();
    let last = bundle.openings.last_key_value().unwrap().1;
    let sha256 = audit::digest_of_text(&made.files[PACK_MANIFEST]);
    let envelope: audit::Envelope = from_canonical(last.envelope.as_bytes()).unwrap();
    assert_eq!(envelope.facts, [Fact::Exported { sha256, people: 4 }]);
    assert_eq!(world.engine.compare_rows().await.unwrap(), []);
    // The looks are noted, at each of the four but herself.
    let drawn = world.raw.count("look").await;
    let herself = made.files.values().any(|bytes| String::from_utf8_lossy(bytes).contains("\\\"ada\\\""));
    assert_eq!(drawn, if herself { 3 } else { 4 });
    assert!(
        world
            .engine
            .looks(&reader, &WhichLooks::default(), None)
            .await
            .unwrap()
            .looks
            .iter()
            .all(|look| look.signature.is_none())
    );
    for (wrong, sample, word) in [("0", 0, "heron"), ("201", 201, "heron"), ("no word", 4, "  ")] {
        assert!(world.engine.make_pack(&reader, asked(sample, word)).await.is_err(), "{wrong}");
    }
}

/// What may be done to a pack.
type Tamper = fn(&mut MadePack);

async fn whatever_is_altered_in_a_pack_is_found(world: World) {
    people(&world).await;
    let made = world.engine.make_pack_of_all(asked(3, "heron"), Actor::CommandLine).await.unwrap();
    let head = Some(made.pack.head.clone());
    let trusted = trusted(&world, head).await;
    assert_eq!(check_files(made.files.clone(), &trusted, &mut |_| {}).status, 0);
    fn written(made: &mut MadePack) {
        let manifest = made.pack.to_bytes().unwrap();
        made.files.insert(PACK_MANIFEST.to_owned(), manifest);
    }
    let tamperings: [(&str, Tamper); 7] = [
        ("somebody is left out", |made| {
            let gone = made.pack.drawn.pop().unwrap();
            made.pack.sample -= 1;
            made.pack.files.remove(&gone.file);
            made.files.remove(&gone.file);
            written(made);
        }),
        ("another word", |made| {
            made.pack.word = "stork".to_owned();
            written(made);
        }),
        ("a file is missing", |made| {
            made.files.remove("people/001.json");
        }),
        ("a file is added", |made| {
            made.files.insert("people/004.json".to_owned(), made.files["people/001.json"].clone());
        }),
        ("two files change places", |made| {
            let first = made.files["people/001.json"].clone();
            let second = made.files.insert("people/002.json".to_owned(), first).unwrap();
            made.files.insert("people/001.json".to_owned(), second);
        }),
        ("an entry is altered", |made| {
            let text = String::from_utf8(made.files["people/001.json"].clone()).unwrap();
            made.files.insert("people/001.json".to_owned(), text.replacen("\\\"at\\\":1", "\\\"at\\\":2", 1).into());
        }),
        ("it was noted nowhere", |made| {
            made.files.remove("exported.json");
        }),
    ];
    for (what, tamper) in tamperings {
        let mut altered = made.clone();
        tamper(&mut altered);
        let said = check_files(altered.files, &trusted, &mut |_| {});
        assert_eq!(said.status, 40, "{what}: {said}");
    }
}

async fn a_pack_is_drawn_by_the_head_that_was_noted_before(world: World) {
    people(&world).await;
    let noted = world.engine.log_head().await.unwrap().unwrap().note;
    // Whoever comes afterwards is not among them, and cannot change who is drawn.
    world.learner("gil").of("A").passes("four-cs").await;
    let asked = |head: String| NewPack { head: Some(head), ..asked(3, "heron") };
    // As a form sends it, copied without its last line feed.
    let copied = noted.trim_end().replace('\n', "\r\n");
    let made = world.engine.make_pack_of_all(asked(copied), Actor::CommandLine).await.unwrap();
    assert_eq!((made.population, &made.pack.head), (6, &noted));
    let report = verify_pack(&made.files, &trusted(&world, Some(noted.clone())).await, &mut |_| {});
    assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
    // By another head it is not known that the word came later.
    let later = world.engine.log_head().await.unwrap().unwrap().note;
    let report = verify_pack(&made.files, &trusted(&world, Some(later)).await, &mut |_| {});
    assert_eq!(report.verdict, Verdict::NotAnchored);
    // The first head has publications alone: that nobody can be drawn is the head's fault, not the number's.
    let first = world.engine.published_head(TimeDelta::hours(1)).await.unwrap().unwrap();
    let refused = world.engine.make_pack_of_all(asked(first), Actor::CommandLine).await;
    assert!(matches!(refused, Err(PackError::NobodyYet)), "{refused:?}");
    for wrong in [noted.replacen('\n', "\n1", 1), String::from("a word"), noted[..30].to_owned()] {
        let refused = world.engine.make_pack_of_all(asked(wrong), Actor::CommandLine).await;
        assert!(matches!(refused, Err(PackError::NotAHead)));
    }
}

async fn a_pack_has_nobody_whom_its_maker_may_not_see(world: World) {
    people(&world).await;
    let ada = world.learner("ada").await;
    let refused = world.engine.make_pack(&now(&ada).await, asked(3, "heron")).await;
    assert!(matches!(refused, Err(PackError::NotForYou)), "{refused:?}");
    let over = Some(world.engine.group_at("B", Actor::CommandLine).await.unwrap());
    let duty = Duty { role: Role::Auditor, over };
    let today = local_date(world.engine.now());
    world.engine.give_duty(ada.person.id, duty, today, Actor::CommandLine).await.unwrap();
    let made = world.engine.make_pack(&now(&ada).await, asked(9, "heron")).await.unwrap();
    let mut said: Vec<String> = Vec::new();
    for drawn in &made.pack.drawn {
        let text = String::from_utf8(made.files[&drawn.file].clone()).unwrap();
        said.extend(
            ["amy", "ben", "cora", "dan", "eve", "fay"]
                .into_iter()
                .filter(|name| text.contains(&format!("{name}@")))
                .map(str::to_owned),
        );
    }
    said.sort();
    assert_eq!(said, ["dan", "eve"]);
    let report = verify_pack(&made.files, &trusted(&world, None).await, &mut |_| {});
    assert_eq!(report.verdict, Verdict::NotAnchored, "{report:?}");
    assert!(report.notes.is_empty(), "{:?}", report.notes);
}
