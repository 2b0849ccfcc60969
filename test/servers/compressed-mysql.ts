import { createServer } from 'node:net'
import { deflateSync, inflateSync } from 'node:zlib'
import { listen, type FaultServer } from './fault-server.js'
import { greeting, okPacket } from './mysql-messages.js'

/** The head of a frame: the length of what follows, its number, and the length of what is packed in it, 0 where nothing is. */
const headBytes = 7

/** Starts one that takes every login and compresses from then on. It listens on a free port of 127.0.0.1. */
export async function startCompressedMysql(answer: (statement: string) => Buffer): Promise<FaultServer> {
  return await listen(
    createServer((socket) => {
      let bytes = Buffer.alloc(0)
      let isIn = false
      socket.write(greeting({ compress: true }))
      socket.on('data', (data) => {
        if (!isIn) {
          isIn = true
          return void socket.write(okPacket(data[3]! + 1))
        }
        bytes = Buffer.concat([bytes, data])
        while (bytes.length >= headBytes && bytes.length >= headBytes + bytes.readUIntLE(0, 3)) {
          const end = headBytes + bytes.readUIntLE(0, 3)
          const content = bytes.subarray(headBytes, end)
          const packet = bytes.readUIntLE(4, 3) > 0 ? inflateSync(content) : content
          bytes = bytes.subarray(end)
          socket.write(frame(answer(packet.toString('latin1', 5))))
        }
      })
    }),
  )
}

function frame(content: Buffer): Buffer {
  const packed = deflateSync(content)
  const head = Buffer.alloc(headBytes)
  head.writeUIntLE(packed.length, 0, 3)
  head[3] = 1
  head.writeUIntLE(content.length, 4, 3)
  return Buffer.concat([head, packed])
}
