import { filesystems, isBucket } from '#lib/resolve/filesystems.js'
import { mountOf, parseMounts, readMounts } from '#lib/resolve/mounts.js'
import { detectPlatform } from '#lib/resolve/platforms.js'
import { locate } from '#lib/resolve/sqlite-location.js'
import t from 'tap'

/** Mount tables as they were seen, shortened. */
const tables = {
  laptop: `22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
23 22 0:5 / /proc rw - proc proc rw
40 22 0:44 / /tmp rw,nosuid - tmpfs tmpfs rw
41 22 0:50 / /mnt/share\\040one rw - nfs4 nas:/vol rw,vers=4.2
42 22 0:51 / /mnt/win rw - cifs //nas/win rw
43 22 0:52 / /home/me/remote rw - fuse.sshfs me@host:/ rw
44 22 0:53 / /home/me/s3 rw - fuse.s3fs s3fs rw`,
  docker: `500 400 0:60 / / rw,relatime - overlay overlay rw,lowerdir=/a,upperdir=/b
501 500 0:61 / /proc rw - proc proc rw
502 500 259:2 /var/lib/docker/volumes/app_data/_data /srv/data rw - ext4 /dev/nvme0n1p2 rw
503 500 0:70 / /srv/share rw - 9p share rw
504 500 0:71 / /srv/host rw - virtiofs host rw
505 500 0:72 / /run/tmp rw - tmpfs tmpfs rw`,
  pod: `600 1 0:60 / / ro,relatime - overlay overlay rw
601 600 8:1 /var/lib/kubelet/pods/x/volumes/kubernetes.io~empty-dir/cache /cache rw - ext4 /dev/sda1 rw
602 600 8:16 / /data rw - ext4 /dev/sdb rw`,
  space: `700 1 0:60 / / rw,relatime - overlay overlay rw
701 700 0:80 / /data rw,nosuid - fuse hf-mount rw,user_id=0
702 700 0:81 / /proc/meminfo rw - fuse.lxcfs lxcfs rw`,
  rootless: `800 1 0:60 / / rw - fuse.fuse-overlayfs fuse-overlayfs rw`,
  odd: `900 1 0:60 / / rw - bcachefs2 /dev/x rw`,
}

const cases: {
  table: keyof typeof tables
  env?: Record<string, string>
  path: string
  want: [durability: string, filesystem: string]
}[] = [
  { table: 'laptop', path: '/home/me/app/x.db', want: ['persistent', 'local'] },
  { table: 'laptop', path: '/tmp/x.db', want: ['ephemeral', 'memory'] },
  { table: 'laptop', path: '/mnt/share one/x.db', want: ['persistent', 'network'] },
  { table: 'laptop', path: '/mnt/share/x.db', want: ['persistent', 'local'] },
  { table: 'laptop', path: '/mnt/win/x.db', want: ['persistent', 'network'] },
  { table: 'laptop', path: '/home/me/remote/x.db', want: ['unknown', 'network'] },
  { table: 'laptop', path: '/home/me/s3/x.db', want: ['bucket', 'network'] },
  { table: 'docker', path: '/app/x.db', want: ['ephemeral', 'local'] },
  { table: 'docker', path: '/srv/data/x.db', want: ['persistent', 'local'] },
  { table: 'docker', path: '/srv/share/x.db', want: ['persistent', 'network'] },
  { table: 'docker', path: '/srv/host/x.db', want: ['persistent', 'network'] },
  { table: 'docker', path: '/run/tmp/x.db', want: ['ephemeral', 'memory'] },
  { table: 'pod', env: { KUBERNETES_SERVICE_HOST: 'h' }, path: '/cache/x.db', want: ['ephemeral', 'local'] },
  { table: 'pod', env: { KUBERNETES_SERVICE_HOST: 'h' }, path: '/data/x.db', want: ['persistent', 'local'] },
  { table: 'space', env: { SPACE_ID: 'a/b' }, path: '/data/x.db', want: ['bucket', 'network'] },
  { table: 'space', env: { SPACE_ID: 'a/b' }, path: '/app/x.db', want: ['ephemeral', 'local'] },
  { table: 'rootless', path: '/app/x.db', want: ['ephemeral', 'local'] },
  { table: 'laptop', env: { FLY_APP_NAME: 'x' }, path: '/app/x.db', want: ['ephemeral', 'local'] },
  { table: 'docker', env: { DYNO: 'x' }, path: '/srv/data/x.db', want: ['ephemeral', 'local'] },
  { table: 'odd', path: '/app/x.db', want: ['unknown', 'local'] },
]
for (const { table, env = {}, path, want } of cases) {
  const surroundings = {
    platform: detectPlatform(env, []),
    mounts: parseMounts(tables[table]),
    temporaryDirectories: ['/tmp'],
  }
  const { durability, filesystem } = locate(path, surroundings)
  t.same([durability, filesystem], want, `${table} ${JSON.stringify(env)} ${path}`)
}

t.test('without a mount table nothing is promised', async (t) => {
  const surroundings = { platform: detectPlatform({}, []), mounts: undefined, temporaryDirectories: ['/tmp'] }
  t.match(locate('/app/x.db', surroundings), { durability: 'unknown', filesystem: 'local' })
  t.match(locate('/tmp/x.db', surroundings), { durability: 'ephemeral' })
})

t.test('the last mount at a point hides the others', async (t) => {
  const mounts = parseMounts('1 0 1:1 / /data rw - ext4 /dev/a rw\n2 0 1:2 / /data rw - tmpfs tmpfs rw')
  t.equal(mountOf(mounts, '/data/x.db')?.type, 'tmpfs')
  t.equal(mountOf(mounts, '/data')?.type, 'tmpfs')
  t.equal(mountOf(mounts, '/database'), undefined)
})

t.test('lines that are no mounts are left out', async (t) => {
  t.match(parseMounts('1 0 1:1 / /a rw - ext4'), [{ point: '/a', source: '' }])
  t.same(parseMounts('\nnonsense\n - ext4\n1 2 3 4 not-absolute rw - ext4 x rw\n'), [])
})

t.test('read-only, by the mount or by the file system', async (t) => {
  const mounts = parseMounts(
    '1 0 1:1 / /a ro - ext4 x rw\n2 0 1:1 / /b rw - ext4 x ro\n3 0 1:1 / /c rw - ext4 x rw,errors=remount-ro',
  )
  t.same(
    mounts.map(({ isReadOnly }) => isReadOnly),
    [true, true, false],
  )
})

t.test('a bucket is known by its program, and on a Space by being FUSE', async (t) => {
  const bucket = (line: string, onSpace = false): boolean =>
    isBucket(parseMounts(`1 0 1:1 / ${line} rw`)[0]!, onSpace)
  t.equal(bucket('/data rw - fuse hf-mount'), true)
  t.equal(bucket('/data rw - fuse.gcsfuse my-bucket'), true)
  t.equal(bucket('/data rw - fuse /home/me/s3-copies'), false, 'a bind of a directory of that name')
  t.equal(bucket('/data rw - fuse something'), false)
  t.equal(bucket('/data rw - fuse something', true), true)
  t.equal(bucket('/proc/meminfo rw - fuse.lxcfs lxcfs', true), false)
  t.equal(bucket('/data rw - ext4 hf-mount', true), false)
})

t.test('the real table', { skip: process.platform !== 'linux' && 'needs Linux' }, async (t) => {
  t.ok(mountOf(readMounts()!, '/')?.type)
})

t.test('no table to read', async (t) => t.equal(readMounts('/nowhere'), undefined))

t.test('every type falls into a row', async (t) => t.ok(filesystems.at(-1)!.types.test('anything')))
