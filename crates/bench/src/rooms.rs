//! `rooms`: fan-out of group messages (XEP-0045): in each room one occupant speaks, all hear.

use crate::{
    client::Dialer,
    crowd,
    marker::Mark,
    measure::Watched,
    meter::{Meter, Tasks, Timing, run_for},
    pump::{self, Listener, Running},
    register,
    report::Report,
    session::Session,
    tally::Tally,
    xml,
};
use anyhow::{Result, bail};
use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

/// How many rooms of what size.
#[derive(clap::Args)]
pub struct Options {
    /// Rooms
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rooms: u32,
    /// Occupants of each room
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..=5000))]
    occupants: u32,
    /// Messages in flight per room
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=1000))]
    window: u64,
    /// Domain of the room service; conference.<domain> when absent
    #[arg(long)]
    muc_domain: Option<String>,
    /// Seconds measured
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,
    /// Bytes of body
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(50..=60_000))]
    body: u32,
}

/// One room: who speaks, and how much of it was heard.
struct Room {
    meter: Rc<Meter>,
    jid: String,
    speaker: u32,
    occupants: u64,
    window: u64,
    body: usize,
    sent: Cell<u64>,
    heard: Cell<u64>,
    refused: Cell<u64>,
    running: OnceCell<Running>,
}

impl Room {
    fn new(number: u32, dialer: &Dialer, options: &Options, meter: &Rc<Meter>) -> Self {
        let target = &dialer.target;
        let domain = options
            .muc_domain
            .clone()
            .unwrap_or_else(|| format!("conference.{}", target.domain));
        Room {
            meter: meter.clone(),
            jid: format!("{}-{number}@{domain}", target.prefix),
            speaker: number * options.occupants,
            occupants: options.occupants.into(),
            window: options.window,
            body: options.body as usize,
            sent: Cell::new(0),
            heard: Cell::new(0),
            refused: Cell::new(0),
            running: OnceCell::new(),
        }
    }

    /// Deliveries still to come.
    fn missing(&self) -> u64 {
        (self.sent.get() * self.occupants).saturating_sub(self.heard.get())
    }

    fn refill(&self, now: Instant) {
        let in_flight = self.missing().div_ceil(self.occupants);
        let room = self.window.saturating_sub(in_flight);
        let Some(running) = self
            .running
            .get()
            .filter(|_| room > 0 && self.meter.producing())
        else {
            return;
        };
        let stamp = self.meter.micros(now);
        running
            .outbox
            .push(|out| (0..room).for_each(|_| self.append(out, stamp)));
    }

    fn append(&self, out: &mut Vec<u8>, stamp: u64) {
        let seq = self.sent.replace(self.sent.get() + 1);
        out.extend_from_slice(
            format!("<message to='{}' type='groupchat' id='", self.jid).as_bytes(),
        );
        self.meter.run.push_id(out, self.speaker, seq);
        out.extend_from_slice(b"'><body>");
        self.meter.run.push_body(
            out,
            Mark {
                from: self.speaker,
                seq,
                stamp,
            },
            self.body,
        );
        out.extend_from_slice(b"</body></message>");
    }
}

/// One occupant's ears.
struct Occupant {
    room: Rc<Room>,
    tally: Rc<RefCell<Tally>>,
}

impl Listener for Occupant {
    fn stanza(&mut self, stanza: &[u8], now: Instant) {
        let (room, meter) = (&self.room, &self.room.meter);
        let Some(mark) = meter
            .run
            .find(stanza)
            .filter(|mark| mark.from == room.speaker)
        else {
            return;
        };
        if xml::attr(stanza, "type") == Some("error") {
            room.refused.set(room.refused.get() + 1);
            return;
        }
        self.tally.borrow_mut().arrived(mark.seq);
        room.heard.set(room.heard.get() + 1);
        meter.arrived(mark.stamp, now);
    }

    fn read_done(&mut self, now: Instant) {
        self.room.refill(now);
    }
}

/// Fills the rooms, lets one occupant of each speak, and reports joins and deliveries.
pub async fn run(dialer: Rc<Dialer>, options: Options, watched: &Watched) -> Result<Report> {
    let users = options.rooms * options.occupants;
    if users > 19_900 {
        bail!("more occupants than one process can hold");
    }
    register::ensure(&dialer, 0..users).await?;
    let mut sessions = crowd::log_in(0..users, &dialer).await?.into_iter();
    let mut house = House {
        meter: Rc::new(Meter::new()?),
        rooms: Vec::new(),
        tallies: Vec::new(),
        tasks: Tasks::new(),
    };
    let began = Instant::now();
    for number in 0..options.rooms {
        let occupants = sessions.by_ref().take(options.occupants as usize);
        house
            .fill(
                Room::new(number, &dialer, &options, &house.meter),
                occupants,
            )
            .await?;
    }
    let joins = f64::from(users) / began.elapsed().as_secs_f64();
    run_for(&mut house.tasks, Duration::from_secs(1)).await?;
    house.meter.start();
    house
        .rooms
        .iter()
        .for_each(|room| room.refill(Instant::now()));
    let rooms = &house.rooms;
    let busy = || rooms.iter().any(|room| room.missing() > 0);
    let timing = Timing {
        warmup: Duration::from_secs(1),
        time: Duration::from_secs(options.seconds),
        drain: Duration::from_secs(30),
    };
    let mut report = house
        .meter
        .measure("rooms", &mut house.tasks, timing, watched, busy)
        .await?;
    report.decimal("joins_per_s", joins, "/s");
    house.verdict(&mut report);
    Ok(report)
}

/// All rooms and everyone in them.
struct House {
    meter: Rc<Meter>,
    rooms: Vec<Rc<Room>>,
    tallies: Vec<(Rc<Room>, Rc<RefCell<Tally>>)>,
    tasks: Tasks,
}

impl House {
    /// Lets all occupants enter one after the other; the first one is the speaker.
    async fn fill(&mut self, room: Room, occupants: impl Iterator<Item = Session>) -> Result<()> {
        let room = Rc::new(room);
        for (place, mut session) in (0..).zip(occupants) {
            session.join(&room.jid, &format!("nick{place}")).await?;
            let tally = Rc::<RefCell<Tally>>::default();
            self.tallies.push((room.clone(), tally.clone()));
            let running = pump::start(
                session,
                Occupant {
                    room: room.clone(),
                    tally,
                },
                &mut self.tasks,
            );
            room.running.get_or_init(|| running);
        }
        self.rooms.push(room);
        Ok(())
    }

    fn verdict(&self, report: &mut Report) {
        let sum = |count: &dyn Fn(&Room, &Tally) -> u64| {
            self.tallies
                .iter()
                .map(|(room, tally)| count(room, &tally.borrow()))
                .sum::<u64>()
        };
        report.must_be_zero("lost", sum(&|room, tally| tally.lost(room.sent.get())));
        report.must_be_zero(
            "refused",
            self.rooms.iter().map(|room| room.refused.get()).sum(),
        );
        report.must_be_zero("doubled", sum(&|_, tally| tally.doubled));
        report.must_be_zero("reordered", sum(&|_, tally| tally.reordered));
    }
}
