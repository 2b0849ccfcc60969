import { describeOwner } from '#lib/resolve/describe-owner.js'
import t from 'tap'

const cases = [
  {
    name: 'of root',
    uid: 0,
    mode: 0o40755,
    self: 1000,
    want: 'it belongs to user 0 (mode 0755), and this program runs as user 1000',
  },
  {
    name: 'read-only',
    uid: 1000,
    mode: 0o100444,
    self: 1000,
    want: 'it belongs to user 1000 (mode 0444), and this program runs as user 1000',
  },
  {
    name: 'sticky',
    uid: 0,
    mode: 0o41777,
    self: 1000,
    want: 'it belongs to user 0 (mode 1777), and this program runs as user 1000',
  },
  {
    name: 'seen by root',
    uid: 0,
    mode: 0o40755,
    self: 0,
    want: 'its mode is 0755, or its file system is read-only',
  },
]
for (const { name, uid, mode, self, want } of cases) t.equal(describeOwner({ uid, mode }, self), want, name)
t.type(describeOwner({ uid: 0, mode: 0 }), 'string')
