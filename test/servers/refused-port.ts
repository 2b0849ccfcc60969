/** A port of 127.0.0.1 that refuses: the lowest one, where nothing listens and no test may. One that is merely free may be taken by another test. */
export const refusedPort = 1
