/** Programs that listen on no port, or on none that a Space would open. */
export const silentPrograms: ReadonlySet<string> = new Set(
  (
    '[ [[ : alembic apk apt apt-get awk cat cd celery chmod chown cp cron curl cut date declare echo env exit export find git grep id ' +
    'huggingface-cli hf install kill knex ln local ls mkdir mv nc nslookup pip pip3 pg_isready prisma printf pwd read return rm rq sed sequelize ' +
    'set shift sleep source supercronic tail tar tee test touch tr trap true false typeorm ulimit umask unset until unzip wait wget ' +
    'which while whoami Xvfb'
  ).split(' '),
)
