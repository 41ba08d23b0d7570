//! Where comments stand: hosts and pages, which the versions write in different
//! ways and at different places of the file.
//!
//! The rows of version 3's pages come first and do not say their host. Each
//! waits, up to a cap, until a comment on it gives the start of its address; those
//! that nobody wrote on come last. A page is given once: the server takes another
//! record of the same id in one stream for a clash.

use rehome_record::Page;

use crate::address::{Address, origin_of};
use crate::fields::Fields;
use crate::options::{HOST, SITE_ADDRESS};
use crate::preview::{HashedMap, MAX_IDS, id_hash};
use crate::{Choice, ChoiceValue, Entry, Issue, Position, Reading, Record, RecordKind};

/// Hosts that are told apart. A domain's export has one.
const MAX_HOSTS: usize = 100;

/// Bytes of page rows that wait for an address.
const MAX_HELD_BYTES: usize = 8 << 20;
/// What a page row takes beside its texts.
const ROW_BYTES: usize = 300;

/// Hosts that comments stand on, and what an admin chose about them.
pub(super) struct Hosts {
    chosen: Option<String>,
    /// Start of the site's addresses, and its host: for comments without one.
    site: Option<(String, String)>,
    met: Vec<ChoiceValue>,
    /// A comment of version 1 without a host was met.
    lacks_host: bool,
}

/// Where a comment stands.
pub(super) struct PagePlace {
    /// Id of its page; empty where it has none.
    pub(super) page: String,
    /// As origins have it.
    pub(super) host: Option<String>,
    known: Known,
}

/// What a comment tells of its page.
enum Known {
    /// All that there is.
    Page(Page),
    /// What its address starts with; the row has the rest.
    Base(Option<String>),
}

impl Hosts {
    pub(super) fn new(reading: &Reading) -> Self {
        let site = reading.text(SITE_ADDRESS).and_then(Address::of);
        Self {
            chosen: reading.text(HOST).map(origin_of),
            site: site.map(|site| (site.base.to_owned(), origin_of(site.host))),
            met: Vec::new(),
            lacks_host: false,
        }
    }

    /// The host that was chosen.
    pub(super) fn given(&self) -> Option<String> {
        self.chosen.clone()
    }

    /// Whether what stands on that host is to be read.
    pub(super) fn takes(&self, host: Option<&str>) -> bool {
        match (&self.chosen, host) {
            (Some(chosen), Some(host)) => chosen == host,
            _ => true,
        }
    }

    pub(super) fn choices(&self) -> Vec<Choice> {
        let mut choices = Vec::new();
        if self.met.len() > 1 {
            let is_needed = self.chosen.is_none();
            choices.push(Choice { option: HOST, values: self.met.clone(), is_needed });
        }
        if self.lacks_host {
            let is_needed = self.site.is_none();
            choices.push(Choice { option: SITE_ADDRESS, values: Vec::new(), is_needed });
        }
        choices
    }

    /// The place that version 1 writes as a host and a path.
    pub(super) fn place(&mut self, domain: Option<&str>, path: &str) -> PagePlace {
        let whole = Address::of(path);
        let known = domain.or(whole.map(|address| address.host)).map(origin_of);
        self.lacks_host |= known.is_none();
        self.count(known.as_deref());
        let of_site = || self.site.as_ref().map(|(_, host)| host.clone());
        let host = known.or_else(of_site);
        // The host of an address by hand is its own.
        let (base, page_host, path_there) = match whole {
            Some(address) => (None, Some(origin_of(address.host)), address.path),
            None => (self.base(domain, host.as_deref()), host.clone(), path),
        };
        let (url, identifier) = address_of(base.as_deref(), path);
        // No path holds this sign: a name of the site's own is not taken for one.
        let is_name = whole.is_none() && !path.is_empty() && !path.starts_with('/');
        let sign = if is_name { "#" } else { "" };
        let page = format!("{}{sign}{path_there}", page_host.unwrap_or_default());
        let page = if page.is_empty() { "/".to_owned() } else { page };
        let row = Page { source_id: page.clone(), url, identifier, ..Page::default() };
        PagePlace { page, host, known: Known::Page(row) }
    }

    /// The place that version 3 writes as a page's id, with the comment's address.
    pub(super) fn place_of_row(&mut self, page: Option<&str>, url: Option<&str>) -> PagePlace {
        let address = url.and_then(Address::of);
        let host = address.map(|address| origin_of(address.host));
        self.count(host.as_deref());
        let base = address.map(|address| address.base.to_owned());
        PagePlace { page: page.unwrap_or_default().to_owned(), host, known: Known::Base(base) }
    }

    fn count(&mut self, host: Option<&str>) {
        let Some(host) = host else { return };
        let has_room = self.met.len() < MAX_HOSTS;
        match self.met.iter_mut().find(|met| met.value == host) {
            Some(met) => met.comments = met.comments.map(|comments| comments + 1),
            None if has_room => {
                self.met.push(ChoiceValue { value: host.to_owned(), comments: Some(1) });
            }
            None => {}
        }
    }

    /// What addresses on that host start with. An admin's own word on it wins.
    fn base(&self, domain: Option<&str>, host: Option<&str>) -> Option<String> {
        let site = self.site.as_ref().filter(|(_, of_site)| Some(of_site.as_str()) == host);
        site.map(|(base, _)| base.clone())
            .or_else(|| domain.map(|domain| format!("https://{domain}")))
    }
}

/// A page's address, or the name that it has instead.
fn address_of(base: Option<&str>, path: &str) -> (Option<String>, Option<String>) {
    if Address::of(path).is_some() {
        return (Some(path.to_owned()), None);
    }
    match base {
        Some(base) if path.is_empty() => (Some(format!("{base}/")), None),
        Some(base) if path.starts_with('/') => (Some(format!("{base}{path}")), None),
        _ => (None, Some(path.to_owned()).filter(|path| !path.is_empty())),
    }
}

/// Pages that were given, and rows that wait until a comment tells their host.
#[derive(Default)]
pub(super) struct Pages {
    states: HashedMap<State>,
    /// Starts of addresses.
    bases: Vec<String>,
    held_bytes: usize,
}

enum State {
    /// Its row was read, and its address is not known yet.
    Held(Box<Held>),
    /// A comment stood on it before its row, at that start of addresses.
    OnBase(usize),
    /// It was given, or left out.
    Done,
}

struct Held {
    row: Entry,
    path: String,
}

impl Pages {
    /// A comment on a page was read: gives the page, where that is the first.
    pub(super) fn met(&mut self, at: Position, place: PagePlace, hosts: &Hosts) -> Option<Entry> {
        let hash = id_hash(&place.page);
        match place.known {
            Known::Page(page) => {
                // Behind the cap pages are given again, which the server takes as one.
                let is_known = self.states.contains_key(&hash)
                    || self.states.len() < MAX_IDS
                        && self.states.insert(hash, State::Done).is_some();
                (!is_known).then(|| page_entry(at, page))
            }
            Known::Base(base) => {
                let base = self.base_number(&base?)?;
                match self.states.get(&hash) {
                    Some(State::Held(_)) => {
                        let Some(State::Held(held)) = self.states.insert(hash, State::Done) else {
                            return None;
                        };
                        Some(self.addressed(*held, Some(base), hosts))
                    }
                    Some(_) => None,
                    None => {
                        if self.states.len() < MAX_IDS {
                            self.states.insert(hash, State::OnBase(base));
                        }
                        None
                    }
                }
            }
        }
    }

    /// A comment on another host was read: its page is none of ours.
    pub(super) fn left_out(&mut self, place: PagePlace) -> Option<Entry> {
        let Known::Base(base) = place.known else { return None };
        let hash = id_hash(&place.page);
        let base = self.base_number(&base?)?;
        if self.states.len() >= MAX_IDS {
            return None;
        }
        match self.states.insert(hash, State::OnBase(base)) {
            Some(State::Held(held)) => Some(elsewhere(held.row)),
            _ => None,
        }
    }

    /// A page's row: the page, unless it has to wait for its address.
    pub(super) fn row(
        &mut self,
        at: Position,
        fields: Fields,
        page: Page,
        path: String,
        hosts: &Hosts,
    ) -> Option<Entry> {
        let hash = id_hash(&page.source_id);
        let bytes = ROW_BYTES + path.len() + page.title.as_ref().map_or(0, String::len);
        let row = fields.finish(at, Ok(Record::Page(page)));
        if row.record.is_err() {
            return Some(row);
        }
        let held = Held { row, path };
        match self.states.get(&hash) {
            Some(State::OnBase(base)) => {
                let base = *base;
                self.states.insert(hash, State::Done);
                Some(self.addressed(held, Some(base), hosts))
            }
            None if self.held_bytes + bytes <= MAX_HELD_BYTES => {
                self.held_bytes += bytes;
                self.states.insert(hash, State::Held(Box::new(held)));
                None
            }
            // A row that is there twice, or more rows than can wait.
            _ => Some(self.addressed(held, self.only_base(hosts), hosts)),
        }
    }

    /// The pages that nobody commented on, in the file's order.
    pub(super) fn rest(&mut self, hosts: &Hosts) -> Vec<Entry> {
        let base = self.only_base(hosts);
        let states = std::mem::take(&mut self.states);
        let mut held: Vec<_> = states
            .into_values()
            .filter_map(|state| match state {
                State::Held(held) => Some(held),
                State::OnBase(_) | State::Done => None,
            })
            .collect();
        held.sort_unstable_by_key(|held| held.row.at.byte);
        held.into_iter().map(|held| self.addressed(*held, base, hosts)).collect()
    }

    fn base_number(&mut self, base: &str) -> Option<usize> {
        let known = self.bases.iter().position(|known| known == base);
        known.or_else(|| {
            let is_new = self.bases.len() < MAX_HOSTS;
            is_new.then(|| self.bases.push(base.to_owned()))?;
            Some(self.bases.len() - 1)
        })
    }

    /// The start of the addresses of pages without comments, where that is plain.
    fn only_base(&self, hosts: &Hosts) -> Option<usize> {
        let mut ours = (0..self.bases.len()).filter(|base| {
            hosts.takes(
                Address::of(&self.bases[*base]).map(|address| origin_of(address.host)).as_deref(),
            )
        });
        ours.next().filter(|_| ours.next().is_none())
    }

    /// The page with its address, or with the name that stands for it.
    fn addressed(&self, held: Held, base: Option<usize>, hosts: &Hosts) -> Entry {
        let Held { row, path } = held;
        let base = base.and_then(|base| self.bases.get(base)).map(String::as_str);
        let host = base.and_then(Address::of).map(|address| origin_of(address.host));
        if !hosts.takes(host.as_deref()) {
            return elsewhere(row);
        }
        let of_site = || hosts.site.as_ref().map(|(base, _)| base.as_str());
        match row.record {
            Ok(Record::Page(page)) => {
                let (url, identifier) = address_of(base.or_else(of_site), &path);
                let entry = page_entry(row.at, Page { url, identifier, ..page });
                let warnings = row.warnings.into_iter().chain(entry.warnings).collect();
                Entry { warnings, ..entry }
            }
            _ => row,
        }
    }
}

/// A page that belongs to another host.
fn elsewhere(row: Entry) -> Entry {
    let id = match row.record {
        Ok(Record::Page(page)) => Some(page.source_id),
        _ => None,
    };
    Entry { record: Err(Issue::lost("other_host", RecordKind::Page, id)), ..row }
}

/// A page, checked.
fn page_entry(at: Position, page: Page) -> Entry {
    let mut warnings = Vec::new();
    let id = Some(page.source_id.clone());
    if page.url.is_none() && page.identifier.is_some() {
        warnings.push(Issue::warning("page_address_unknown", RecordKind::Page, id.clone()));
    }
    let record = match page.validate() {
        Ok(()) => Ok(Record::Page(page)),
        Err(invalid) => Err(Issue::lost(invalid.code, RecordKind::Page, id)),
    };
    Entry { at, record, warnings, withheld: None }
}
