//! Who is at the other end, by address, and what each may have at once.
//!
//! A client's entry lives as long as somebody holds it, or a [`ClientShare`] of it; so there are never more entries than
//! connections and what these left behind.

use crate::{bounds, lock::lock, rates::Rates};
use std::{
    collections::HashMap,
    fmt,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroUsize,
    sync::{Arc, Mutex, Weak},
    thread::available_parallelism,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use proxies::{ForwardedHeader, Proxies};

mod proxies;

/// Whom the server takes for one client: an IPv4 address, or a network of IPv6, for a customer gets a whole /64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    One(IpAddr),
    Network(Ipv6Addr),
}

impl From<IpAddr> for Address {
    fn from(ip: IpAddr) -> Self {
        match ip.to_canonical() {
            // On this machine each address is its own.
            IpAddr::V6(ip) if !ip.is_loopback() => {
                Self::Network(Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)))
            }
            ip => Self::One(ip),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::One(ip) => ip.fmt(f),
            Self::Network(network) => write!(f, "{network}/64"),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Clients {
    by_address: Mutex<HashMap<Address, Weak<Client>>>,
    /// Remembered after the client has left, or it would begin anew with each connection.
    labs_made: Rates<Address>,
    unread: Arc<Semaphore>,
    results: Arc<Semaphore>,
    cores: usize,
    pub(crate) proxies: Proxies,
}

impl Clients {
    /// Nobody yet. These proxies are believed.
    pub(crate) fn new(proxies: Proxies) -> Self {
        Self {
            by_address: Mutex::default(),
            labs_made: Rates::new(bounds::CLIENT_LABS, bounds::CLIENT_LABS_A_SECOND, bounds::LAB_MAKERS),
            unread: Arc::new(Semaphore::new(bounds::UNREAD)),
            results: Arc::new(Semaphore::new(bounds::RESULTS)),
            cores: available_parallelism().map_or(1, NonZeroUsize::get),
            proxies,
        }
    }

    pub(crate) fn of(self: &Arc<Self>, ip: IpAddr) -> Arc<Client> {
        let address = Address::from(ip);
        let mut by_address = lock(&self.by_address);
        if let Some(client) = by_address.get(&address).and_then(Weak::upgrade) {
            return client;
        }
        let client = Arc::new(Client {
            address,
            connections: Arc::new(Semaphore::new(bounds::CLIENT_CONNECTIONS)),
            requests: Arc::new(Semaphore::new(bounds::CLIENT_REQUESTS)),
            streams: Arc::new(Semaphore::new(bounds::CLIENT_STREAMS)),
            unread: Arc::new(Semaphore::new(bounds::CLIENT_UNREAD)),
            crowds: Arc::new(Semaphore::new(bounds::CLIENT_CROWDS)),
            passwords: Waiting::new(bounds::CLIENT_PASSWORDS, self.cores),
            keys: Waiting::new(bounds::CLIENT_KEYS_MADE, 1),
            results: Arc::new(Semaphore::new(bounds::RESULTS)),
            clients: Arc::clone(self),
        });
        by_address.insert(address, Arc::downgrade(&client));
        client
    }
}

/// One of them. Each method gives a part of its share, or nothing where it is used up.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) address: Address,
    connections: Arc<Semaphore>,
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    unread: Arc<Semaphore>,
    crowds: Arc<Semaphore>,
    pub(crate) passwords: Waiting,
    pub(crate) keys: Waiting,
    results: Arc<Semaphore>,
    clients: Arc<Clients>,
}

/// A client's work that takes a core for a while.
#[derive(Debug)]
pub(crate) struct Waiting {
    most: usize,
    places: Arc<Semaphore>,
    /// Of those that wait, so many stand in line with the others' at a time: so nobody waits for all of them.
    in_line: Arc<Semaphore>,
}

impl Waiting {
    fn new(most: usize, in_line: usize) -> Self {
        Self { most, places: Arc::new(Semaphore::new(most)), in_line: Arc::new(Semaphore::new(in_line)) }
    }
}

/// A place for such work.
#[derive(Debug)]
pub(crate) struct Place {
    _share: ClientShare,
    in_line: Arc<Semaphore>,
}

impl Place {
    /// Waits until the client has no more in line with the others' than each may have; and is in line then.
    pub(crate) async fn in_line(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.in_line).acquire_owned().await.ok()
    }
}

/// A part of a client's share, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct ClientShare {
    permit: OwnedSemaphorePermit,
    /// The process's, where it has a bound as well.
    process: Option<OwnedSemaphorePermit>,
    /// While a share is out, the client must be found again: a new entry would have all shares anew.
    client: Arc<Client>,
}

impl ClientShare {
    /// With another of the same; what is over so much is given back.
    fn with(mut self, other: Self, most: usize) -> Self {
        self.permit.merge(other.permit);
        if let (Some(process), Some(more)) = (&mut self.process, other.process) {
            process.merge(more);
        }
        let over = self.permit.num_permits().saturating_sub(most);
        drop(self.permit.split(over));
        drop(self.process.as_mut().and_then(|process| process.split(over)));
        self
    }
}

/// Stands in the extensions of a request for which one has waited. Who does work that goes on when the visitor has left
/// keeps a clone until it is done.
#[derive(Clone, Debug)]
pub(crate) struct UnderWay(Arc<Mutex<Option<ClientShare>>>);

impl UnderWay {
    /// It counts no more: what is waited for from here on has a bound of its own.
    pub(crate) fn give_back(&self) {
        lock(&self.0).take();
    }
}

impl Client {
    /// One more connection, if more of them are `free` than it has: so it takes half of what is left, and others find room.
    pub(crate) fn connection(self: &Arc<Self>, free: usize) -> Option<ClientShare> {
        let held = bounds::CLIENT_CONNECTIONS - self.connections.available_permits();
        (held < free).then(|| self.share(&self.connections, 1)).flatten()
    }

    /// One more request to be worked on, once it is this client's turn; nothing where that takes too long.
    pub(crate) async fn request(self: &Arc<Self>) -> Option<UnderWay> {
        let turn = tokio::time::timeout(bounds::REQUEST_PATIENCE, Arc::clone(&self.requests).acquire_owned());
        let permit = turn.await.ok()?.ok()?;
        let share = ClientShare { permit, process: None, client: Arc::clone(self) };
        Some(UnderWay(Arc::new(Mutex::new(Some(share)))))
    }

    pub(crate) fn stream(self: &Arc<Self>) -> Option<ClientShare> {
        self.share(&self.streams, 1)
    }

    pub(crate) fn crowd(self: &Arc<Self>) -> Option<ClientShare> {
        self.share(&self.crowds, 1)
    }

    /// One more place for work of a kind, if more are `free` than it has.
    pub(crate) fn place(self: &Arc<Self>, of: &Waiting, free: usize) -> Option<Place> {
        let held = of.most - of.places.available_permits();
        let share = (held < free).then(|| self.share(&of.places, 1)).flatten()?;
        Some(Place { _share: share, in_line: Arc::clone(&of.in_line) })
    }

    /// Room for results of so many bytes, as long as they are kept, in place of what is kept there. A client gets no more
    /// room if it would have more than is left for others then. Whether there is; else all is as it was.
    pub(crate) fn keeps_results(self: &Arc<Self>, bytes: usize, room: &mut Option<ClientShare>) -> bool {
        let own = room.take_if(|room| Arc::ptr_eq(&room.client, self));
        let more = bytes.saturating_sub(own.as_ref().map_or(0, |own| own.permit.num_permits()));
        let (held, free) = (bounds::RESULTS - self.results.available_permits(), &self.clients.results);
        let is_fair = more == 0 || held.saturating_add(more.saturating_mul(2)) <= free.available_permits();
        let new = is_fair.then(|| self.shared(&self.results, free, more)).flatten();
        let fits = new.is_some();
        let all = match (own, new) {
            (Some(own), Some(new)) => Some(own.with(new, bytes)),
            (own, new) => new.or(own),
        };
        // What somebody else kept there goes.
        *room = all.or_else(|| room.take());
        fits
    }

    /// An answer of so many bytes that lies in memory until it is sent.
    pub(crate) fn unread(self: &Arc<Self>, bytes: usize) -> Option<ClientShare> {
        self.shared(&self.unread, &self.clients.unread, bytes)
    }

    /// Whether there is room for an answer of so many bytes now.
    pub(crate) fn may_have_unread(&self, bytes: usize) -> bool {
        self.unread.available_permits().min(self.clients.unread.available_permits()) >= bytes
    }

    /// Whether it may make one more lab now; if so, it counts as made.
    pub(crate) fn may_make_lab(&self) -> bool {
        // No address may be made up for another one.
        self.clients.labs_made.may(self.address, Address::One(Ipv6Addr::UNSPECIFIED.into()))
    }

    fn share(self: &Arc<Self>, of: &Arc<Semaphore>, many: usize) -> Option<ClientShare> {
        Some(ClientShare { permit: permits(of, many)?, process: None, client: Arc::clone(self) })
    }

    /// A share of what the process has a bound for as well.
    fn shared(self: &Arc<Self>, of: &Arc<Semaphore>, process: &Arc<Semaphore>, many: usize) -> Option<ClientShare> {
        let process = Some(permits(process, many)?);
        Some(ClientShare { process, ..self.share(of, many)? })
    }
}

fn permits(of: &Arc<Semaphore>, many: usize) -> Option<OwnedSemaphorePermit> {
    Arc::clone(of).try_acquire_many_owned(u32::try_from(many).ok()?).ok()
}

impl Drop for Client {
    fn drop(&mut self) {
        let mut by_address = lock(&self.clients.by_address);
        // Meanwhile it may have come back.
        if by_address.get(&self.address).is_some_and(|client| client.strong_count() == 0) {
            by_address.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn clients() -> Arc<Clients> {
        Arc::new(Clients::new(Proxies::default()))
    }

    #[test]
    fn a_client_is_an_address_or_a_network_of_ipv6() {
        let shown = |text| Address::from(ip(text)).to_string();
        assert_eq!(shown("203.0.113.7"), "203.0.113.7");
        assert_eq!(shown("::ffff:203.0.113.7"), "203.0.113.7", "one client, by whichever socket it comes");
        assert_eq!(shown("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(Address::from(ip("2001:db8:1:2::1")), Address::from(ip("2001:db8:1:2:ffff::")));
        assert_ne!(Address::from(ip("2001:db8:1:2::1")), Address::from(ip("2001:db8:1:3::1")));
        assert_eq!(shown("::1"), "::1");
    }

    #[test]
    fn each_share_is_bounded_given_back_and_the_client_s_own() {
        let clients = clients();
        let (one, other) = (clients.of(ip("10.0.0.1")), clients.of(ip("10.0.0.2")));
        let streams: Vec<_> = std::iter::from_fn(|| one.stream()).collect();
        let passwords: Vec<_> = std::iter::from_fn(|| one.place(&one.passwords, usize::MAX)).collect();
        let crowds: Vec<_> = std::iter::from_fn(|| one.crowd()).collect();
        let connections: Vec<_> = std::iter::from_fn(|| one.connection(usize::MAX)).collect();
        let counts = [streams.len(), passwords.len(), crowds.len(), connections.len()];
        let most =
            [bounds::CLIENT_STREAMS, bounds::CLIENT_PASSWORDS, bounds::CLIENT_CROWDS, bounds::CLIENT_CONNECTIONS];
        assert_eq!(counts, most);
        let has_all = |client: &Arc<Client>| {
            client.stream().is_some()
                && client.place(&client.passwords, 1).is_some()
                && client.crowd().is_some()
                && client.connection(1).is_some()
        };
        assert!(has_all(&other) && !has_all(&one));
        drop((streams, passwords, crowds, connections));
        assert!(has_all(&one));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_s_requests_wait_for_its_own_and_not_for_ever() {
        let clients = clients();
        let client = clients.of(ip("10.0.0.1"));
        let mut all = Vec::new();
        for _ in 0..bounds::CLIENT_REQUESTS {
            all.push(client.request().await.unwrap());
        }
        assert!(client.request().await.is_none());
        assert!(clients.of(ip("10.0.0.2")).request().await.is_some());
        let next = tokio::spawn(async move { client.request().await.is_some() });
        let kept = all[0].clone();
        all.remove(0);
        assert!(!next.is_finished(), "what goes on with it counts");
        drop(kept);
        assert!(next.await.unwrap());
    }

    #[test]
    fn a_client_takes_half_of_the_connections_that_are_left_so_that_others_find_room() {
        let clients = clients();
        let mut free: usize = 64;
        let mut all = Vec::new();
        let mut takes_all_it_gets = |n| {
            let before = free;
            while let Some(share) = clients.of(ip(n)).connection(free) {
                all.push(share);
                free -= 1;
            }
            before - free
        };
        assert_eq!(["10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.3"].map(&mut takes_all_it_gets), [32, 16, 0, 8]);
    }

    #[test]
    fn of_work_and_of_room_that_all_share_each_client_takes_half_of_what_is_left_so_that_others_find_some() {
        let clients = clients();
        let mut held = Vec::new();
        let mut taken = |n: u8| {
            let client = clients.of(ip(&format!("10.0.0.{n}")));
            let before = held.len();
            while let Some(place) = client.place(&client.passwords, bounds::PASSWORDS - held.len()) {
                held.push(place);
            }
            held.len() - before
        };
        let most = bounds::CLIENT_PASSWORDS;
        assert_eq!([1, 2, 3, 4].map(&mut taken), [most; 4], "{}", bounds::PASSWORDS);
        assert!((5..8).map(&mut taken).all(|places| places > 2));
        let whole = bounds::LAB_RESULTS;
        let kept = |n: u8| {
            let client = clients.of(ip(&format!("10.0.1.{n}")));
            std::iter::from_fn(|| kept_by(&client, whole)).collect::<Vec<_>>()
        };
        let all: Vec<_> = (0..6).map(kept).collect();
        let most = bounds::RESULTS / whole;
        assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>(), [most / 2, most / 4, most / 8, most / 16, 8, 4]);
        assert!(kept_by(&clients.of(ip("10.0.2.1")), 2000).is_some());
        drop(all);
        assert_eq!(clients.results.available_permits(), bounds::RESULTS);
    }

    fn kept_by(client: &Arc<Client>, bytes: usize) -> Option<ClientShare> {
        let mut room = None;
        client.keeps_results(bytes, &mut room).then_some(room).flatten()
    }

    #[test]
    fn results_in_place_of_others_take_what_they_are_larger_and_of_somebody_else_s_all() {
        let clients = clients();
        let [one, other] = ["10.0.0.1", "10.0.0.2"].map(|n| clients.of(ip(n)));
        let mut room = None;
        let mut keeps = |client: &Arc<Client>, bytes| {
            let kept = client.keeps_results(bytes, &mut room);
            let left = |of: &Semaphore| bounds::RESULTS - of.available_permits();
            (kept, left(&one.results), left(&other.results), left(&clients.results))
        };
        assert_eq!(keeps(&one, 1000), (true, 1000, 0, 1000));
        assert_eq!(keeps(&one, 1500), (true, 1500, 0, 1500));
        assert_eq!(keeps(&one, 200), (true, 200, 0, 200));
        assert_eq!(keeps(&other, 300), (true, 0, 300, 300));
        let half = bounds::RESULTS / 2;
        assert_eq!(keeps(&other, half), (true, 0, half, half));
        assert_eq!(keeps(&other, half + 1), (false, 0, half, half));
        assert_eq!(keeps(&other, half - 1), (true, 0, half - 1, half - 1));
        assert_eq!(keeps(&one, half), (false, 0, half - 1, half - 1), "half of what is left");
    }

    #[tokio::test(start_paused = true)]
    async fn of_a_client_s_work_only_some_stands_in_line_with_the_others() {
        let client = clients().of(ip("10.0.0.1"));
        let [first, second] = [0, 1].map(|_| client.place(&client.keys, usize::MAX).unwrap());
        let in_line = first.in_line().await;
        assert!(futures::FutureExt::now_or_never(second.in_line()).is_none());
        drop(in_line);
        assert!(second.in_line().await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_turn_that_is_given_back_counts_no_more_whoever_holds_it_still() {
        let client = clients().of(ip("10.0.0.1"));
        let mut all = Vec::new();
        for _ in 0..bounds::CLIENT_REQUESTS {
            all.push(client.request().await.unwrap());
        }
        assert!(client.request().await.is_none());
        all[0].clone().give_back();
        assert!(client.request().await.is_some());
    }

    #[test]
    fn unread_answers_are_bounded_a_client_and_a_process() {
        let clients = clients();
        let one = clients.of(ip("10.0.0.1"));
        assert!(one.unread(bounds::CLIENT_UNREAD + 1).is_none() && one.unread(usize::MAX).is_none());
        let mut all = vec![one.unread(bounds::CLIENT_UNREAD).unwrap()];
        assert!(one.unread(1).is_none());
        for n in 2..100 {
            all.extend(clients.of(ip(&format!("10.0.0.{n}"))).unread(bounds::CLIENT_UNREAD));
        }
        assert_eq!(all.len() * bounds::CLIENT_UNREAD, bounds::UNREAD);
        all.clear();
        assert_eq!(clients.unread.available_permits(), bounds::UNREAD);
    }

    #[test]
    fn an_entry_lives_while_somebody_holds_it_or_a_share_of_it_and_no_longer() {
        let clients = clients();
        let count = || clients.by_address.lock().unwrap().len();
        let client = clients.of(ip("10.0.0.1"));
        let shares: Vec<_> = std::iter::from_fn(|| client.stream()).collect();
        drop(client);
        assert!(clients.of(ip("10.0.0.1")).stream().is_none(), "what runs on after the client left counts");
        drop(shares);
        assert_eq!(count(), 0);
        for n in 0..10_000_u32 {
            drop(clients.of(IpAddr::V4(n.into())));
        }
        assert_eq!(count(), 0);
    }

    #[test]
    fn labs_are_made_at_a_pace_that_a_new_connection_does_not_renew() {
        let clients = clients();
        let made = (0..1000).filter(|_| clients.of(ip("10.0.0.1")).may_make_lab()).count();
        let most = usize::try_from(bounds::CLIENT_LABS).unwrap();
        assert!((most..most + 10).contains(&made), "{made}");
        assert!(clients.of(ip("10.0.0.2")).may_make_lab(), "others go on");
        for n in 0..100_000_u32 {
            clients.of(IpAddr::V4(n.into())).may_make_lab();
        }
        assert!(clients.labs_made.known() <= bounds::LAB_MAKERS + 1, "{}", clients.labs_made.known());
    }
}
