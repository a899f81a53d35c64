//! What pages play is kept with their versions, and read in parts.

use std::{fs, sync::Arc};

use engine::{
    Actor, KeepMediaError, PublishError, Published, Refused, Republish, Sha256Digest, StoreError,
    catalogue::{Catalogue, Media},
    media::{MediaFormat, MediaName, MediaPlace},
};

use world::{World, asking, keys_of, on_both, slug};

on_both![
    a_published_video_is_read_back_whole,
    any_part_of_it_is_read_alone,
    a_part_outside_of_it_is_not_there,
    what_was_never_published_is_not_found,
    captions_are_kept_with_their_video,
    what_two_versions_play_is_kept_once,
    an_old_version_goes_on_playing,
    many_nodes_at_once_keep_it_once,
    a_file_that_changed_after_it_was_read_is_not_published,
    a_file_is_read_when_it_is_published,
    what_is_played_instead_is_told_among_the_changes,
];

async fn a_published_video_is_read_back_whole(world: World) {
    let video = video(&world);
    assert_eq!(world.engine.media_length(video.name).await.unwrap(), asking().len() as u64);
    assert_eq!(read(&world, video.name, 0, video.bytes).await.unwrap(), asking().to_vec());
}

async fn any_part_of_it_is_read_alone(world: World) {
    const PIECE: u64 = 256 * 1024;
    let Media { name, bytes, .. } = video(&world);
    for (from, end) in
        [(0, 1), (5, 900), (PIECE - 1, PIECE + 1), (PIECE, 2 * PIECE), (PIECE + 7, 2 * PIECE + 1), (bytes - 1, bytes)]
    {
        let expected = asking()[usize::try_from(from).unwrap()..usize::try_from(end).unwrap()].to_vec();
        assert_eq!(read(&world, name, from, end).await.unwrap(), expected, "{from} to {end}");
    }
    let part = world.engine.media_part(name, 0, bytes).await.unwrap();
    assert_eq!(part.len() as u64, PIECE, "no more than a piece is held in memory");
}

async fn a_part_outside_of_it_is_not_there(world: World) {
    let Media { name, bytes, .. } = video(&world);
    for (from, end) in [(bytes, bytes + 1), (u64::MAX, u64::MAX), (7, 7), (7, 3)] {
        assert!(world.engine.media_part(name, from, end).await.is_err(), "{from} to {end}");
    }
}

async fn what_was_never_published_is_not_found(world: World) {
    let sha256 = video(&world).name.sha256;
    let other = Sha256Digest::of(b"another");
    for name in [
        MediaName { sha256: other, format: MediaFormat::Webm },
        MediaName { sha256, format: MediaFormat::Mp4 },
        MediaName { sha256, format: MediaFormat::Vtt },
    ] {
        assert!(matches!(world.engine.media_length(name).await, Err(Refused::NotFound)), "{name}");
    }
}

async fn captions_are_kept_with_their_video(world: World) {
    let captions = world.engine.catalogue().modules[&slug("four-cs")].media[0].clone();
    assert_eq!((captions.file.as_str(), captions.name.format), ("asking.vtt", MediaFormat::Vtt));
    let text = read(&world, captions.name, 0, captions.bytes).await.unwrap();
    assert!(String::from_utf8(text).unwrap().starts_with("WEBVTT\n"));
}

async fn what_two_versions_play_is_kept_once(world: World) {
    let before = (world.raw.count("media").await, world.raw.count("media_chunk").await);
    assert_eq!(before, (2, 4));
    world.publishes_new_edition_of("four-cs").await;
    assert_eq!((world.raw.count("media").await, world.raw.count("media_chunk").await), before);
}

async fn an_old_version_goes_on_playing(world: World) {
    let amy = world.learner("amy").await;
    let before = video(&world);
    world.edits("modules/four-cs/20-get-help.md", "\n![Sam asks for help](asking.webm)\n", "");
    world.publishes().await.unwrap();
    assert_eq!(world.engine.catalogue().modules[&slug("four-cs")].media, []);
    let there = world.another_node().await;
    let (_, old) = there.engine.published_module(&amy.person, &slug("four-cs"), 1).await.unwrap();
    assert_eq!(old.media[1], before);
    assert!(format!("{:?}", old.pages).contains(&format!("/media/{}", before.name)));
    assert_eq!(read(&there, before.name, 0, before.bytes).await.unwrap(), asking().to_vec());
}

async fn many_nodes_at_once_keep_it_once(world: World) {
    world.edits("modules/four-cs/asking.vtt", "Can you", "Could you");
    let (a, b, c) = (world.another_node().await, world.another_node().await, world.another_node().await);
    let published = tokio::join!(a.publishes(), b.publishes(), c.publishes());
    let new = [published.0, published.1, published.2].into_iter().flat_map(Result::unwrap).count();
    assert_eq!((new, world.raw.count("media").await), (1, 3));
}

async fn a_file_that_changed_after_it_was_read_is_not_published(world: World) {
    let before = world.raw.everything().await;
    let folder = captions_are_at(&world, MediaPlace::Bytes(Arc::from(*b"something else")));
    let refused = world.engine.publish(&folder, Republish::No, Actor::CommandLine).await;
    assert!(matches!(
        refused,
        Err(PublishError::Media { module, error: KeepMediaError::Changed(file) })
            if module == slug("four-cs") && file == "asking.vtt"
    ));
    assert_eq!(world.raw.everything().await, before);
}

async fn a_file_is_read_when_it_is_published(world: World) {
    let file = keys_of(world.url()).with_extension("vtt");
    let folder = captions_are_at(&world, MediaPlace::File(file.clone()));
    let publish = || world.engine.publish(&folder, Republish::No, Actor::CommandLine);
    let refused = publish().await.unwrap_err().to_string();
    assert!(refused.starts_with(&format!("module four-cs: cannot read {}: ", file.display())), "{refused}");
    fs::write(&file, "WEBVTT\n\n00:00.000 --> 00:01.000\nCould you help me?\n").unwrap();
    assert_eq!(publish().await.unwrap().new, [Published::Module(slug("four-cs"), 2)]);
    fs::remove_file(file).unwrap();
}

async fn what_is_played_instead_is_told_among_the_changes(world: World) {
    let amy = world.learner("amy").await;
    world.edits("modules/four-cs/asking.vtt", "Can you", "Could you");
    world.publishes().await.unwrap();
    let changed = world.engine.module_difference(&amy.person, &slug("four-cs"), 1, 2).await.unwrap();
    assert_eq!(changed.remarks, ["“asking.vtt” is not the same file."]);
}

fn video(world: &World) -> Media {
    world.engine.catalogue().modules[&slug("four-cs")].media[1].clone()
}

async fn read(world: &World, name: MediaName, from: u64, end: u64) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    while from + (bytes.len() as u64) < end {
        bytes.extend(world.engine.media_part(name, from + bytes.len() as u64, end).await?);
    }
    Ok(bytes)
}

/// Changes the captions, whose bytes are then found somewhere else than the folder was compiled from.
fn captions_are_at(world: &World, place: MediaPlace) -> Catalogue {
    world.edits("modules/four-cs/asking.vtt", "Can you", "Could you");
    let mut catalogue = world.compiles();
    let captions = catalogue.modules[&slug("four-cs")].media[0].name.sha256;
    catalogue.media.insert(captions, place);
    catalogue
}
