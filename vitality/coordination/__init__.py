"""Who works on what, decided by Postgres.

The states of a piece of work (a row of `work`, one per subject, for ever):

                    claim: term+1, attempt+1
        ┌─────────┐ ───────────────────────────────────────────▶ ┌────────┐
        │ waiting │ ◀── settle      attempt=0, due again later   │ leased │
        │  due_at │ ◀── retry       attempt kept, backoff        │ holder │
        └─────────┘ ◀── snooze, give back    attempt-1           │  term  │
             ▲      ◀── rescue      the lease ran out, due now   └────────┘
             │ brought back by a person                               │
        ┌─────────┐                                                   │
        │ buried  │ ◀── retry or rescue when no attempt is left ──────┘
        └─────────┘

**The lease.** A process holds one row of `lease`; work and hosts point to it, so one heartbeat renews all that it
holds. Only the database's clock decides whether a lease is alive. The process itself trusts its lease for a
shorter time than it was granted, counted on its own monotonic clock from before the renewal was sent
(`trusted()`); past that it sends nothing more and its work is cancelled, even if the database would still agree.
A lease that ran out is never prolonged: the process enters again under a new id.

**Fencing.** A claim is (work id, term, holder). Settle, retry, snooze and give back match all three and a live
lease, in the statement that writes; findings and follow-up work are written in the same transaction, after the
work's row was locked by the fence and before it is freed. Nothing matches for a claim that was lost: `LeaseLost`,
and nothing is written.

**The host.** A host has one holder at a time: claiming locks its row (`FOR NO KEY UPDATE SKIP LOCKED`) and writes
the holder; ending the claim frees it. It is never counted. A `lane` row says when a host next has something due of
one kind and priority, so claimers walk over due hosts and not over due work; a million rows of one host are one
lane. `lane.next_at` is never later than the truth. It may be earlier; whoever finds nothing there corrects it.
Each change raises `lane.version`, and a correction computed from an older view of the rows is dropped.

**Rescue** has no leader. Every claimer frees what is held under leases that ran out: when the next one that it knows of
runs out, and at least every two seconds.

**Cycles** (the list of dioceses, the report) are rows like all others. Settling makes them due a full period after their
end; periods that were missed are not made up for: one run, late, and then the next a period after it.

**Work that is no more.** When a diocese leaves the list its work is withdrawn; a list of another address takes the old
list's place. What is leased at that moment is left to its holder.

What happens when …
    a worker is killed         its lease runs out; the next claimer frees its work and hosts, the attempt stays counted
    a worker hangs or is       its lease runs out as above; when it wakes it is not trusted, and whatever it still
    stopped (SIGSTOP)          sends matches nothing
    an input kills workers     each death costs an attempt; after the last the work is buried with the reason
    Postgres goes away         every call raises `DatabaseUnavailable`; trust runs out; nothing is lost, since nothing
                               that was not committed counted
    a commit's answer is lost  the caller cannot know; doing it again matches nothing, because the term has ended
    a transaction hangs        Postgres ends it after 30 s idle, so its row locks go; rescue passes over locked rows
    two lanes deadlock         the settlement is rolled back by Postgres and run again, up to three times

Locks are taken in one order: work, then host, then lane, each sorted.
"""
