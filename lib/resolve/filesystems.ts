import type { SqliteLocation } from './config.ts'
import type { Mount } from './mounts.ts'

type Promises = Pick<SqliteLocation, 'durability' | 'filesystem'>

/** What a kind of file system promises to a SQLite file. */
export interface FilesystemRow extends Promises {
  readonly types: RegExp
}

/** Programs that mount a bucket of an object store through FUSE. */
const bucketPrograms = /hf[-_]?mount|bucket|s3|gcs|rclone|goofys|juicefs|blobfuse/i

/** The kinds of file systems, the first that fits. FUSE says nothing of what is behind it, so its locks and its fsync are not trusted. */
export const filesystems: readonly FilesystemRow[] = [
  { types: /^(?:tmpfs|ramfs)$/, filesystem: 'memory', durability: 'ephemeral' },
  { types: /^(?:overlay|aufs|unionfs|fuse\.fuse-overlayfs)$/, filesystem: 'local', durability: 'ephemeral' },
  {
    types: /^(?:ext[234]|xfs|btrfs|zfs|f2fs|bcachefs|jfs|reiserfs|ntfs3?|vfat|exfat|hfsplus|fuseblk)$/,
    filesystem: 'local',
    durability: 'persistent',
  },
  {
    types:
      /^(?:nfs4?|cifs|smb3|smbfs|9p|virtiofs|ceph|fuse\.ceph|glusterfs|fuse\.glusterfs|lustre|afs|ocfs2|gfs2|vboxsf|prl_fs|fakeowner|fuse\.grpcfuse)$/,
    filesystem: 'network',
    durability: 'persistent',
  },
  { types: /^fuse(?:\.|$)/, filesystem: 'network', durability: 'unknown' },
  { types: /^/, filesystem: 'local', durability: 'unknown' },
]

/**
 * Tells whether a mount is a bucket of an object store.
 *
 * @param onSpace - whether this is a Hugging Face Space, where nothing else is mounted through FUSE.
 */
export function isBucket({ type, source, point }: Mount, onSpace: boolean): boolean {
  if (/^\/(?:proc|sys|dev|run|etc)\//.test(point)) return false
  if (!/^fuse(?:\.|$)/.test(type) || type === 'fuse.fuse-overlayfs') return false
  return onSpace || bucketPrograms.test(type) || (!source.startsWith('/') && bucketPrograms.test(source))
}
