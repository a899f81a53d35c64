use std::collections::{BTreeMap, BTreeSet};

use audit::{
    Digest, Drawn, Entry, Envelope, Extract, Fact, Files, PACK_EXPORTED, PACK_MANIFEST, PACK_POPULATION, Pack,
    PartKind, PersonKey, Population, Proof, Pseudonym, digest_of_text, from_canonical,
};
use chrono::NaiveDate;

use super::{
    cosign_head::find_cosigned,
    export_log::find_checkpoint,
    key_chain::{chain_of, handover_entries},
    receipt_file::find_leaf,
};
use crate::{
    engine::Engine,
    ground::{PersonId, local_date},
    log::{OpenedRow, Origins, Row, Said, find_head, find_origins, prove_leaves, read_leaves, read_openings},
    people::{Person, Right, Scope, by_scope, in_scope, scope_tree},
    record::Actor,
    signing::INSERT_LOOK_AT_PACK,
    store::{Conn, Linked as _, StoreError, Unsealed, change_one, on},
};

/// What is asked for an inspection pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPack {
    /// How many people are to be drawn: 1 to [`NewPack::MOST`].
    pub sample: usize,
    /// The word that the inspector gives.
    pub word: String,
    /// The head that was noted before, as a note. `None`: the newest.
    pub head: Option<String>,
    /// What is put beside it for who opens it, by name.
    pub beside: Files,
}

impl NewPack {
    /// How many people are drawn at most.
    pub const MOST: usize = 200;
}

/// Why no pack was made. Its text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Too many were asked for, or none.
    #[error("ask for 1 to 200 people")]
    Sample,
    /// There is no word.
    #[error("give the word that the inspector gives")]
    NoWord,
    /// The head is none of this log.
    #[error("this is no head that this log has had: copy all of its lines, as they were shown")]
    NotAHead,
    /// There is nobody among whom people could be drawn.
    #[error("there is nobody here to be drawn")]
    Nobody,
    /// Nobody who is here had an entry below the head.
    #[error(
        "nobody who is here now had an entry in the log at this head: have a newer one noted, and then ask for the word again"
    )]
    NobodyYet,
    /// They may see nobody's evidence.
    #[error("this is not for you")]
    NotForYou,
    /// The database failed, or the log takes nothing.
    #[error(transparent)]
    Internal(#[from] StoreError),
}

/// A pack that was made, and noted in the log.
#[derive(Clone, Debug)]
pub struct MadePack {
    /// What it says of itself.
    pub pack: Pack,
    /// Among how many people they were drawn.
    pub population: usize,
    /// All of its files.
    pub files: Files,
}

/// Who is here on a day ($1) and has an entry below a head ($2), once for each group of theirs.
const EVERY_PERSON_HERE: &str = "SELECT k.person_id, k.secret, g.number FROM person_key k \
     JOIN stay s ON s.person_id = k.person_id AND s.begins_on <= $1 AND (s.ends_before IS NULL OR s.ends_before > $1) \
     LEFT JOIN membership m ON m.person_id = k.person_id AND m.begins_on <= $1 AND (m.ends_before IS NULL OR m.ends_before > $1) \
     LEFT JOIN people_group g ON g.id = m.group_id \
     WHERE (SELECT MIN(e.number) FROM log_envelope e WHERE e.person_id = k.person_id) < $2";

/// The same of those in a scope. $5 is the head.
const EVERYBODY_IN_SCOPE: &str = concat!(
    scope_tree!(),
    "SELECT k.person_id, k.secret, g.number FROM person_key k \
     JOIN stay s ON s.person_id = k.person_id AND s.begins_on <= $2 AND (s.ends_before IS NULL OR s.ends_before > $2) \
     LEFT JOIN membership m ON m.person_id = k.person_id AND m.begins_on <= $2 AND (m.ends_before IS NULL OR m.ends_before > $2) \
     LEFT JOIN people_group g ON g.id = m.group_id \
     WHERE (SELECT MIN(e.number) FROM log_envelope e WHERE e.person_id = k.person_id) < $5 AND ",
    in_scope!("k.person_id")
);

const FIND_ENTRIES: &str = "SELECT number FROM log_envelope WHERE person_id = $1 AND number < $2 ORDER BY number";

const EVERY_PUBLICATION: &str = "SELECT number FROM log_row WHERE kind IN ('agreement_version', 'module_version') AND number < $1 \
     ORDER BY number";

const EVERY_AGREEMENT: &str = "SELECT canonical FROM agreement_version";

const FIND_STATEMENTS: &str = "SELECT DISTINCT statement FROM signature WHERE person_id = $1";

/// Among whom people are drawn.
type Among = BTreeMap<Pseudonym, PersonId>;

/// A head of this log, by which something is drawn and proved.
struct ByHead {
    origins: Origins,
    key: String,
    /// The entries by which keys handed over until now.
    keys: Vec<Entry>,
    note: String,
    size: u64,
}

/// What was published, by the number of the leaf.
type Publications = BTreeMap<u64, Fact>;

impl Engine {
    /// An inspection pack: all that the log says of a few of those whose evidence somebody may see. Who they are follows from a word and from
    /// a head of the log. That it was made is an entry of the log, with the digest of its manifest; that they looked at each
    /// record is noted as well.
    ///
    /// # Errors
    /// [`PackError`] says what to do.
    pub async fn make_pack(&self, reader: &Person, asked: NewPack) -> Result<MadePack, PackError> {
        let scope = Scope::of(reader, Right::SeeEvidence, self.clock.now()).filter(|scope| !scope.is_oneself());
        self.make(asked, scope.as_ref().ok_or(PackError::NotForYou).map(Some)?, Actor::Person(reader.id)).await
    }

    /// The same among everybody, for whoever looks after this installation.
    ///
    /// # Errors
    /// As [`Engine::make_pack`].
    pub async fn make_pack_of_all(&self, asked: NewPack, by: Actor) -> Result<MadePack, PackError> {
        self.make(asked, None, by).await
    }

    async fn make(&self, asked: NewPack, scope: Option<&Scope>, by: Actor) -> Result<MadePack, PackError> {
        let NewPack { sample, word, head, beside } = asked;
        if !(1..=NewPack::MOST).contains(&sample) {
            return Err(PackError::Sample);
        }
        let word = word.trim().to_owned();
        if word.is_empty() {
            return Err(PackError::NoWord);
        }
        let now = self.clock.now();
        let on = local_date(now);
        let mut conn = self.store.read().await?;
        let head = find_by_head(&mut conn, head).await?;
        let (population, among) = find_population(&mut conn, scope, on, &head).await?;
        if population.is_empty() {
            let newest = find_by_head(&mut conn, None).await?;
            let (ever, _) = find_population(&mut conn, scope, on, &newest).await?;
            return Err(if ever.is_empty() { PackError::Nobody } else { PackError::NobodyYet });
        }
        let publications = find_publications(&mut conn, &head).await?;
        let agreements: Vec<String> =
            on!(conn.link(), conn => sqlx::query_scalar(EVERY_AGREEMENT).fetch_all(conn).await)?;
        let (mut files, mut drawn, mut seen) = (beside, Vec::new(), Vec::new());
        files.insert(PACK_POPULATION.to_owned(), population.to_bytes().map_err(|_| unreadable())?);
        for (place, (group, person)) in (1..).zip(population.draw(sample, &word, &head.note)) {
            let id = *among.get(&person).ok_or_else(unreadable)?;
            let extract = extract_of_person(&mut conn, id, &head, &publications, &agreements).await?;
            let file = format!("people/{place:03}.json");
            files.insert(file.clone(), extract.to_bytes().map_err(|_| unreadable())?);
            drawn.push(Drawn { file, group, person });
            seen.push(id);
        }
        drop(conn);
        let digests = files.iter().map(|(name, bytes)| (name.clone(), digest_of_text(bytes))).collect();
        let sample = sample as u64;
        let (key, keys, on) = (head.key, head.keys, on.to_string());
        let pack = Pack { drawn, files: digests, format: 1, head: head.note, key, keys, on, sample, word };
        let manifest = pack.to_bytes().map_err(|_| unreadable())?;
        let fact = Fact::Exported { sha256: digest_of_text(&manifest), people: seen.len() as u64 };
        let export = self.new_id(now);
        let act = self.act_of_all(now, by).saying(Said::Plain(fact), Row::of("export", export));
        let mut tx = self.store.write().await?;
        if let Actor::Person(reader) = by {
            for person in seen.into_iter().filter(|person| *person != reader) {
                change_one!(
                    tx,
                    sqlx::query(INSERT_LOOK_AT_PACK)
                        .bind(self.new_id(now))
                        .bind(person)
                        .bind(reader)
                        .bind(format!("pack/{export}"))
                        .bind(now)
                )?;
            }
        }
        self.seal(tx, [act]).await?;
        files.insert(PACK_MANIFEST.to_owned(), manifest);
        let mut conn = self.store.read().await?;
        let noted = find_leaf(&mut conn, "export", &export.to_string()).await?.ok_or_else(unreadable)?;
        let newest = find_by_head(&mut conn, None).await?;
        let entries = entries(&mut conn, &[noted], &newest, &[]).await?;
        let exported = extract(entries, &newest, BTreeMap::new());
        files.insert(PACK_EXPORTED.to_owned(), exported.to_bytes().map_err(|_| unreadable())?);
        Ok(MadePack { pack, population: population.len(), files })
    }
}

fn unreadable() -> StoreError {
    StoreError::unreadable("entry of a pack")
}

fn signed(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| unreadable())
}

/// The head that somebody noted, or the newest.
async fn find_by_head(conn: &mut Conn, noted: Option<String>) -> Result<ByHead, PackError> {
    let now = find_head(conn, 0).await?.ok_or(StoreError::from(Unsealed::NoKey))?;
    let origins = find_origins(conn, &now).await?;
    let keys = handover_entries(conn, &origins, now.size()).await?;
    let chain = chain_of(&now.public_key, &keys)?;
    let size = match &noted {
        None => now.size(),
        Some(noted) => {
            // Forms send line feeds as two characters, and what was copied may lack the last one.
            let noted = format!("{}\n", noted.replace('\r', "").trim());
            let head = chain.open(&noted).ok_or(PackError::NotAHead)?;
            let kept = find_checkpoint(conn, head.size).await?.and_then(|kept| chain.open(&kept));
            kept.filter(|kept| *kept == head).ok_or(PackError::NotAHead)?.size
        }
    };
    let note = find_cosigned(conn, size).await?.ok_or_else(unreadable)?;
    Ok(ByHead { origins, key: now.public_key, keys, note, size })
}

async fn find_population(
    conn: &mut Conn,
    scope: Option<&Scope>,
    on: NaiveDate,
    head: &ByHead,
) -> Result<(Population, Among), StoreError> {
    let size = signed(head.size)?;
    let rows: Vec<(PersonId, String, Option<i64>)> = match scope {
        None => on!(conn.link(), conn => sqlx::query_as(EVERY_PERSON_HERE).bind(on).bind(size).fetch_all(conn).await)?,
        Some(scope) => on!(conn.link(), conn => by_scope!(sqlx::query_as(EVERYBODY_IN_SCOPE), scope)
            .bind(size).fetch_all(conn).await)?,
    };
    let (mut everybody, mut among) = (Vec::with_capacity(rows.len()), Among::new());
    for (id, secret, group) in rows {
        let person = PersonKey::parse(&secret).map_err(|_| unreadable())?.pseudonym();
        let group = group.map(u64::try_from).transpose().map_err(|_| unreadable())?;
        everybody.push((person, group));
        among.insert(person, id);
    }
    Ok((Population::of(everybody), among))
}

async fn find_publications(conn: &mut Conn, head: &ByHead) -> Result<Publications, StoreError> {
    let numbers: Vec<i64> = on!(conn.link(), conn => sqlx::query_scalar(EVERY_PUBLICATION).bind(signed(head.size)?)
        .fetch_all(conn).await)?;
    let mut found = Publications::new();
    for number in numbers {
        for row in read_openings(conn, &head.origins, number, number + 1).await? {
            let envelope = from_canonical::<Envelope>(row.opened.envelope.as_bytes()).map_err(|_| unreadable())?;
            let published = envelope.facts.into_iter().filter(|fact| matches!(fact, Fact::Published { .. }));
            found.extend(published.map(|fact| (row.opened.n, fact)));
        }
    }
    Ok(found)
}

/// All that the log says of somebody below a head, and what was published that their signatures stand on.
async fn extract_of_person(
    conn: &mut Conn,
    person: PersonId,
    head: &ByHead,
    publications: &Publications,
    agreements: &[String],
) -> Result<Extract, StoreError> {
    let numbers: Vec<i64> = on!(conn.link(), conn => sqlx::query_scalar(FIND_ENTRIES).bind(person)
        .bind(signed(head.size)?).fetch_all(conn).await)?;
    let mut wanted: BTreeSet<u64> = BTreeSet::new();
    let mut named: BTreeSet<Digest> = BTreeSet::new();
    for number in numbers {
        for row in read_openings(conn, &head.origins, number, number + 1).await? {
            wanted.insert(row.opened.n);
            let envelope = from_canonical::<Envelope>(row.opened.envelope.as_bytes()).map_err(|_| unreadable())?;
            for fact in &envelope.facts {
                if let Fact::Signed { sha256, statement, .. } = fact {
                    named.extend([*sha256, *statement]);
                    wanted.extend(stands_on(row.opened.n, fact, publications));
                }
            }
        }
    }
    let statements: Vec<String> =
        on!(conn.link(), conn => sqlx::query_scalar(FIND_STATEMENTS).bind(person).fetch_all(conn).await)?;
    let texts = agreements.iter().chain(&statements).filter_map(|text| {
        let digest = digest_of_text(text.as_bytes());
        named.contains(&digest).then(|| (digest.to_hex(), text.clone()))
    });
    let wanted: Vec<u64> = wanted.into_iter().collect();
    let kept = [PartKind::Act, PartKind::Gate, PartKind::Id];
    let entries = entries(conn, &wanted, head, &kept).await?;
    Ok(extract(entries, head, texts.collect()))
}

/// The leaves of what was published that a signature stands on: its agreement, and the newest version by then of each module that it requires.
fn stands_on(number: u64, signed: &Fact, publications: &Publications) -> Vec<u64> {
    let Fact::Signed { agreement, version: of_version, .. } = signed else { return Vec::new() };
    let last = |what: &dyn Fn(&str, u32) -> bool| {
        let before = publications.range(..number).rev();
        before
            .into_iter()
            .find(|(_, fact)| matches!(fact, Fact::Published { thing, version, .. } if what(thing, *version)))
    };
    let agreement = format!("agreement/{agreement}");
    let Some((published, Fact::Published { requires, .. })) =
        last(&|thing, version| thing == agreement && version == *of_version)
    else {
        return Vec::new();
    };
    let modules = requires.iter().filter_map(|module| {
        let module = format!("module/{module}");
        last(&|thing, _| thing == module).map(|(leaf, _)| *leaf)
    });
    modules.chain([*published]).collect()
}

/// Some entries with their proofs. Of the parts that stand apart they have those of these kinds, where the entry is about somebody.
async fn entries(conn: &mut Conn, numbers: &[u64], head: &ByHead, kept: &[PartKind]) -> Result<Vec<Entry>, StoreError> {
    let proofs = prove_leaves(conn, numbers, head.size).await?;
    let mut entries = Vec::with_capacity(numbers.len());
    for (number, hashes) in numbers.iter().zip(proofs) {
        let from = signed(*number)?;
        let leaf = read_leaves(conn, from, from + 1).await?.pop().ok_or_else(unreadable)?;
        let row = read_openings(conn, &head.origins, from, from + 1).await?.pop().ok_or_else(unreadable)?;
        let OpenedRow { mut opened, person } = row;
        opened.parts.retain(|kind, _| person.is_some() && kept.contains(kind));
        let proof = Proof { number: *number, hashes, checkpoint: head.note.clone() }.to_string();
        entries.push(Entry { leaf, opened, proof });
    }
    Ok(entries)
}

fn extract(entries: Vec<Entry>, head: &ByHead, texts: BTreeMap<String, String>) -> Extract {
    let (key, keys) = (head.key.clone(), head.keys.clone());
    Extract { entries, format: 1, key, keys, origin: head.origins.now().to_string(), texts }
}
