// SPDX-License-Identifier: Apache-2.0
// A small reference model of a right's life (D.2, D.4, D.6), written from the rules and not from the functions: what may follow what, and
// until when. Time is a number of milliseconds; dealers work around the clock in UTC, so a working minute is a minute.
const MIN = 60e3, HOUR = 60 * MIN
export const DAY = 24 * HOUR
export const LINES = ['NEW', 'USED', 'SERVICE']
const P3 = { NEW: 30, USED: 14, SERVICE: 30 }, P4 = P3, P5 = { NEW: 180, USED: 90, SERVICE: 180 }
const GRACE = 7, BAN = 14, NO_MONEY = 90, HOLD = 365, MANUAL = 2
const isOpen = (r) => !!r && r.state !== 'CLOSED'
const sameGroup = (a, b) => (a === 'SERVICE') === (b === 'SERVICE')
/** Midnight that ends the day n days after. */
export const dayAfter = (at, n) => (Math.floor(at / DAY) + n + 1) * DAY
const months = (at, n) => { const d = new Date(Math.floor(at / DAY) * DAY), day = d.getUTCDate(); d.setUTCDate(1); d.setUTCMonth(d.getUTCMonth() + n)
  const last = new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 0)).getUTCDate(); d.setUTCDate(Math.min(day, last)); return d.getTime() }

/** D.2 and what the other sections add to it: event -> [from, to]; null is no right. */
const OPEN = ['OFFERED', 'PENDING', 'ACTIVE', 'HELD', 'CUSTOMER', 'GRACE', 'DISPUTED']
const each = (to, but = []) => OPEN.filter((s) => !but.includes(s)).map((s) => [s, to ?? s])
export const TABLE = {
  offer: [[null, 'OFFERED']], register: [[null, 'PENDING']], document: [[null, 'CUSTOMER'], ['CUSTOMER', 'CUSTOMER']], order: [[null, 'HELD'], ['ACTIVE', 'HELD'], ['HELD', 'HELD']],
  accept: [['OFFERED', 'ACTIVE']], decline: [['OFFERED', 'CLOSED']], not_accepted: [['OFFERED', 'CLOSED']], checked: [['PENDING', 'ACTIVE']], review: [['PENDING', 'PENDING']],
  conflict: [['PENDING', 'CLOSED']], activity: [['ACTIVE', 'ACTIVE'], ['GRACE', 'ACTIVE'], ['HELD', 'HELD'], ['CUSTOMER', 'CUSTOMER']], no_contact: [['ACTIVE', 'CLOSED']],
  lost: [['ACTIVE', 'CLOSED']], expire: [['ACTIVE', 'GRACE'], ['CUSTOMER', 'GRACE']], grace_over: [['GRACE', 'CLOSED']], delivery: [['HELD', 'CUSTOMER']], cancel_order: [['HELD', 'ACTIVE']],
  seat: each(), outage: each(), erase: [...each('CLOSED'), ['CLOSED', 'CLOSED']], dispute: each('DISPUTED', ['DISPUTED']), transfer: each('CLOSED'), merge: [...each('CLOSED'), ...each()], terminate: each('CLOSED'), withdraw: each('CLOSED'),
  decide: [['DISPUTED', 'ACTIVE'], ['DISPUTED', 'HELD'], ['DISPUTED', 'CUSTOMER'], ['DISPUTED', 'CLOSED']], undo: [['CUSTOMER', 'CUSTOMER'], ['CUSTOMER', 'ACTIVE'], ['CUSTOMER', 'GRACE'], ['CUSTOMER', 'HELD'], ...['HELD', 'ACTIVE', 'GRACE'].flatMap((s) => ['OFFERED', 'PENDING', 'ACTIVE', 'HELD', 'GRACE'].map((to) => [s, to]))],
  extend: [['ACTIVE', 'ACTIVE']], park: [['ACTIVE', 'ACTIVE']], void_activity: [['ACTIVE', 'ACTIVE']], reopen: [[null, 'ACTIVE']], claim: [[null, 'OFFERED']], void: [['DISPUTED', 'CLOSED'], ['PENDING', 'CLOSED']],
  unmerge: [...each(), ...OPEN.filter((s) => s !== 'DISPUTED').map((s) => ['DISPUTED', s])],        // R29: each side as it was
  succeed: OPEN.map((s) => [null, s]),
}

export class Model {
  constructor(now) { this.now = now; this.rights = new Map(); this.expired = [] }
  at(p, l) { return this.rights.get(`${p} ${l}`) }
  put(p, l, right) { this.rights.set(`${p} ${l}`, right); return right }
  fresh(d, state, over = {}) { return { d, state, manual: 0, free: Infinity, registered: this.now, changed: this.now, ...over } }
  close(r, reason, free = this.now) { Object.assign(r, { state: 'CLOSED', reason, free, accept: undefined, contact: undefined, changed: this.now }) }
  isFreeFor(d, r) { return !r || (r.state === 'CLOSED' && (r.free <= this.now || r.d === d)) }

  /** The verdict on a claim (R24, R33, R57): FREE, YOURS, or refused. */
  judge(d, p, l) {
    const open = LINES.map((x) => [x, this.at(p, x)]).filter(([x, r]) => isOpen(r) && (x === l || (r.state === 'HELD' && r.d !== d && sameGroup(x, l))))
    if (open.some(([x, r]) => x === l && r.d === d)) return 'YOURS'
    if (open.length) return 'REFUSED'
    const r = this.at(p, l)
    return r && r.free > this.now && r.d !== d ? 'WAIT' : 'FREE'
  }

  /** Does one act. out: 'ok' when it changed or was told, 'refused' */
  act({ op, d, p, l, ...a }) {
    const r = this.at(p, l)
    switch (op) {
      case 'register': {
        const said = this.judge(d, p, l)
        if (said !== 'FREE') return said === 'YOURS' ? 'ok' : 'refused'
        if (this.expired.some((e) => e.p === p && e.l === l && e.d === d && e.at + BAN * DAY >= this.now)) return 'refused'        // P17
        let protect = dayAfter(this.now, P3[l]), limit = dayAfter(this.now, P5[l])
        if (r?.state === 'CLOSED' && r.d === d && r.reason === 'lost' && r.changed >= this.now - DAY) {                            // R19
          if (r.protect !== undefined) protect = Math.min(protect, r.protect)
          if (r.limit !== undefined) limit = Math.min(limit, r.limit)
        }
        this.put(p, l, this.fresh(d, a.review ? 'PENDING' : 'ACTIVE', { protect, limit, ...(a.review && { accept: this.now + 480 * MIN }) }))
        return 'ok'
      }
      case 'offer':
        if (!this.isFreeFor(d, r)) return 'refused'
        this.put(p, l, this.fresh(d, 'OFFERED', { accept: this.now + 120 * MIN }))
        return 'ok'
      case 'accept':
        if (r?.state !== 'OFFERED') return 'refused'
        Object.assign(r, { state: 'ACTIVE', accept: undefined, registered: this.now, contact: this.now + 240 * MIN, protect: dayAfter(this.now, P3[l]), limit: dayAfter(this.now, P5[l]), changed: this.now })
        return 'ok'
      case 'decline': if (r?.state !== 'OFFERED') return 'refused'; this.close(r, 'declined'); return 'ok'
      case 'check': if (r?.state !== 'PENDING') return 'refused'; Object.assign(r, { state: 'ACTIVE', accept: undefined }); return 'ok'
      case 'activity': {
        const two = ['CALL_OUT', 'CALL_IN', 'MAIL_IN', 'VISIT', 'TEST_DRIVE', 'APPOINTMENT'].includes(a.kind)
        const counted = two && (a.evidence || !['CALL_OUT', 'CALL_IN'].includes(a.kind))
        const today = Math.floor(this.now / DAY)
        for (const x of LINES) {
          const o = this.at(p, x)
          if (!isOpen(o) || o.d !== d || !['ACTIVE', 'GRACE'].includes(o.state)) continue
          if (a.kind === 'APPOINTMENT' ? x !== 'SERVICE' : a.kind === 'TEST_DRIVE' && x === 'SERVICE') continue
          if (o.state === 'GRACE' && !(counted && ['CALL_IN', 'MAIL_IN', 'VISIT', 'APPOINTMENT'].includes(a.kind))) continue
          if (o.state === 'ACTIVE' && o.contact !== undefined && o.first === undefined && two) o.first = this.now
          if (counted && (a.evidence || o.manual < MANUAL || o.day === today)) {
            const want = dayAfter(this.now, P4[x])
            const protect = Math.min(Math.max(o.protect ?? want, want), o.limit ?? Infinity)
            if (o.state === 'GRACE' && protect <= this.now) continue        // past P5 nothing brings it back, and nothing is written
            o.protect = protect
            if (a.evidence) o.manual = 0
            else if (o.day !== today) o.manual += 1
            o.day = Math.max(o.day ?? today, today)
            if (o.state === 'GRACE' && o.protect > this.now) Object.assign(o, { state: 'ACTIVE', free: Infinity })
          }
        }
        return 'ok'
      }
      case 'lost': if (r?.state !== 'ACTIVE') return 'refused'; this.close(r, 'lost', a.reason === 'no_money' ? this.now + NO_MONEY * DAY : this.now); return 'ok'
      case 'hold': if (r?.state !== 'ACTIVE' && r?.state !== 'HELD') return 'refused'
        Object.assign(r, { state: 'HELD', protect: dayAfter(this.now, HOLD), contact: undefined, first: r.first ?? this.now }); return 'ok'
      case 'cancel': if (r?.state !== 'HELD') return 'refused'
        Object.assign(r, { state: 'ACTIVE', protect: Math.min(dayAfter(this.now, P4[l]), r.limit === undefined ? this.now : Math.max(r.limit, this.now)) }); return 'ok'
      case 'deliver': if (r?.state !== 'HELD') return 'refused'
        Object.assign(r, { state: 'CUSTOMER', protect: months(this.now, l === 'SERVICE' ? 18 : 36) + DAY, limit: undefined }); return 'ok'
      case 'document': {
        const term = months(this.now - a.days * DAY, l === 'SERVICE' ? 18 : 36) + DAY, said = this.judge(d, p, l)
        if (said === 'YOURS') {
          if (term <= this.now) return 'ok'
          const o = this.at(p, l)
          if (o.state === 'DISPUTED') return 'ok'
          if (o.state === 'CUSTOMER') { o.protect = Math.max(o.protect, term); return 'ok' }
          if (o.state === 'OFFERED') o.first = this.now
          Object.assign(o, { contact: o.state === 'HELD' ? o.contact : undefined, first: o.first ?? (o.state === 'HELD' ? undefined : this.now), state: 'CUSTOMER', accept: undefined, protect: Math.max(term, this.now), limit: undefined, free: Infinity })
        } else if (['FREE', 'WAIT'].includes(said) && term > this.now) this.put(p, l, this.fresh(d, 'CUSTOMER', { protect: term }))
        return 'ok'
      }
      case 'dispute': if (!isOpen(r) || r.state === 'DISPUTED') return 'refused'; Object.assign(r, { state: 'DISPUTED', free: Infinity }); return 'ok'
      case 'decide': if (r?.state !== 'DISPUTED') return 'refused'; if (a.to === 'CLOSED') this.close(r, 'conflict'); else r.state = a.to; return 'ok'
      case 'void': if (!isOpen(r)) return 'refused'; this.close(r, 'conflict'); return 'ok'
      case 'park':
        if (r?.state !== 'ACTIVE' || r.parked || a.days < 1 || a.days > 180) return 'refused'
        Object.assign(r, { parked: true, protect: dayAfter(this.now, a.days + 14), first: r.first ?? this.now }); r.limit = Math.max(r.limit ?? r.protect, r.protect)
        return 'ok'
      case 'transfer': {
        if (!isOpen(r)) return 'refused'
        const old = { ...r }
        this.put(p, l, this.fresh(d, old.state, { protect: old.protect, limit: old.limit, first: old.first, registered: old.registered, parked: old.parked, free: old.state === 'GRACE' ? old.free : Infinity,
          ...(old.d === d && { manual: old.manual, day: old.day }) }))                                                              // R54: the same dealer goes on
        return 'ok'
      }
      case 'wild': {                                                     // any event to any state: the table alone says whether
        const from = isOpen(r) ? r.state : 'CLOSED'
        return (TABLE[a.event] ?? []).some(([x, y]) => x === from && y === a.to) ? 'skip' : 'refused'
      }
      case 'wait': this.now += a.hours * HOUR; return 'ok'
      case 'clock': this.clock(); return 'ok'
    }
    throw new Error(`no act ${op}`)
  }

  clock() {
    const all = [...this.rights].map(([key, r]) => ({ key, r })), due = (x) => x !== undefined && x <= this.now
    for (const { r } of all) if (r.state === 'OFFERED' && due(r.accept)) this.close(r, 'not_accepted')
    for (const { r } of all) if (r.state === 'PENDING' && due(r.accept)) Object.assign(r, { state: 'ACTIVE', accept: undefined })
    for (const { r } of all) if (r.state === 'ACTIVE' && r.first === undefined && due(r.contact)) this.close(r, 'no_contact')
    for (const { r } of all) if (r.state === 'HELD' && due(r.protect)) r.state = 'ACTIVE'
    for (const { r } of all) if (['ACTIVE', 'CUSTOMER'].includes(r.state) && due(r.protect)) Object.assign(r, { state: 'GRACE', free: this.now + GRACE * DAY, contact: undefined })
    for (const { key, r } of all) if (r.state === 'GRACE' && due(r.free)) {
      this.close(r, 'expired')
      const [p, l] = key.split(' ')
      this.expired.push({ p: Number(p), l, d: r.d, at: this.now })
    }
  }
}
