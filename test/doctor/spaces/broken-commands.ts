import { type Space, breaks, js, py, raw, run, works } from './space.js'

const debian = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n'
const shell = (cmd: string) => py(`CMD ${cmd}`, { 'app.py': 'print(1)\n' })
const uvicorn = 'uvicorn app:app --host 0.0.0.0 --port 7860'

const lists: readonly Space[] = [
  breaks('a list with &&', '&&', shell('["python","setup.py","&&","python","app.py"]'), 'warning'),
  breaks('a list that changes the folder', 'cd', shell('["cd","src","&&","python","app.py"]')),
  breaks('a list that sets a variable', 'PORT=7860', js('CMD ["PORT=7860","node","build"]')),
  breaks('a list of one text', 'one program', shell(`["${uvicorn}"]`)),
  breaks('an entry point of one text', 'one program', py('ENTRYPOINT ["python app.py"]')),
  breaks('a list that is a variable', '\\$START', shell('["$START"]')),
  breaks('a list that reads a file', 'source', shell('["source","venv/bin/activate"]')),
  works('a list for a shell', shell(`["sh","-c","cd /home/user/app && ${uvicorn}"]`)),
  works(
    'words for an entry point',
    py(
      'ENTRYPOINT ["/usr/bin/env"]\nCMD ["PORT=7860","uvicorn","app:app","--host","0.0.0.0","--port","7860"]',
    ),
  ),
  works('words for the program of an image', raw('FROM ghcr.io/acme/app:1\nCMD ["--a b"]')),
  works(
    'words of a program with blanks',
    shell(
      '["python","-c","import http.server as h; h.test(h.SimpleHTTPRequestHandler, port=7860, bind=\'0.0.0.0\')"]',
    ),
  ),
]

const isolated = run.replace('uvicorn', 'v/bin/uvicorn')
const source: readonly Space[] = [
  breaks(
    'source in a build',
    'source',
    raw(`${debian}RUN python -m venv v && source v/bin/activate && pip install flask\n${run}`),
  ),
  breaks('source in the command', 'source', raw(`${debian}CMD source v/bin/activate && ${uvicorn}`)),
  works(
    'source in bash',
    raw(
      `${debian}SHELL ["/bin/bash","-c"]\nRUN python -m venv v && source v/bin/activate && pip install flask\n${isolated}`,
    ),
  ),
  works('source by bash', raw(`${debian}RUN bash -c "source /etc/profile && pip install flask"\n${run}`)),
  works(
    'source on Alpine',
    raw(
      `FROM python:3.12-alpine\nRUN python -m venv v && source v/bin/activate && pip install flask\n${isolated}`,
    ),
  ),
  works(
    'source where sh is bash',
    raw(
      'FROM nvidia/cuda:12.4.1-base-rockylinux8\nRUN source /etc/profile && pip3 install flask\nCMD ["flask","run","-h","0.0.0.0","-p","7860"]',
    ),
  ),
  works(
    'source after bash took the place of sh',
    raw(
      `${debian}RUN rm /bin/sh && ln -s /bin/bash /bin/sh\nRUN source /etc/profile && pip install flask\n${run}`,
    ),
  ),
  works('source that may fail', raw(`${debian}RUN source /etc/profile || true\n${run}`)),
  works('a dot', raw(`${debian}RUN python -m venv v && . v/bin/activate && pip install flask\n${isolated}`)),
]

const marked = { 'start.sh': `\uFEFF#!/bin/sh\nexec ${uvicorn}\n` }
const marks: readonly Space[] = [
  breaks(
    'a byte order mark before #!',
    'byte order mark',
    raw(`${debian}RUN chmod +x start.sh\nCMD ["./start.sh"]`, marked),
  ),
  works(
    'a script without #! that a shell starts',
    raw(`${debian}RUN chmod +x start.sh\nCMD ["/bin/bash","-c","/app/start.sh"]`, {
      'start.sh': `exec ${uvicorn}\n`,
    }),
  ),
  breaks(
    'a script without #! that nothing else starts',
    '#!',
    raw(`${debian}RUN chmod +x start.sh\nCMD ["/app/start.sh"]`, { 'start.sh': `exec ${uvicorn}\n` }),
  ),
  works('a byte order mark, read by a shell', raw(`${debian}CMD ["sh","start.sh"]`, marked)),
  works(
    'a byte order mark that the build takes away',
    raw(
      `${debian}RUN sed -i '1s/^\\xEF\\xBB\\xBF//' start.sh && chmod +x start.sh\nCMD ["./start.sh"]`,
      marked,
    ),
  ),
]

const documents: readonly Space[] = [
  breaks('a here-document that does not end', 'EOF', raw(`${debian}RUN <<EOF\npip install flask\n${run}`)),
  breaks(
    'a here-document whose end is indented',
    'EOF',
    raw(`${debian}RUN cat > a.sh <<EOF\necho hi\n  EOF\n${run}`),
  ),
  breaks(
    'a here-document after a blank',
    'blank',
    raw(`${debian}RUN cat << 'EOF' > a.sh\n#!/bin/sh\necho hi\nEOF\n${run}`),
  ),
  works(
    'a here-document',
    raw(`${debian}RUN <<'EOF'\npip install flask\nEOF\nCOPY <<-END /a.txt\n\thi\n\tEND\n${run}`),
  ),
  works('two here-documents', raw(`${debian}RUN cat <<A > a && cat <<B > b\nx\nA\ny\nB\n${run}`)),
  works(
    'a here-document for another program',
    raw(`${debian}RUN <<EOF bash\nsource /etc/profile\nEOF\nRUN <<EOF python3\nimport os\nEOF\n${run}`),
  ),
  works(
    'a here-document in quotes',
    raw(String.raw`${debian}RUN bash -c "cat <<X\nhi\nX" && echo 'see <<EOF'
${run}`),
  ),
  works(
    'a here-document that writes another',
    raw(`${debian}RUN <<EOF\ncat > a.sh << INNER\nhi\nINNER\nEOF\n${run}`),
  ),
  works('a shift', raw(`${debian}RUN echo $((1<<3))\n${run}`)),
  works('a text from a word', raw(`${debian}SHELL ["/bin/bash","-c"]\nRUN cat <<< "hi" > a\n${run}`)),
]

const instructions: readonly Space[] = [
  breaks('COPY with ||', 'no shell', py(`COPY model.bin /models/ || true\n${run}`)),
  breaks('COPY that hides errors', 'no shell', py(`COPY model.bin /models/ 2>/dev/null\n${run}`)),
  breaks('a label in several words', 'LABEL', py(`LABEL maintainer=Jo Doe\n${run}`)),
  breaks('a label without a value', 'LABEL', py(`LABEL maintainer\n${run}`)),
  works('labels', py(`LABEL a=b c="d e"\nLABEL maintainer Jo=Doe and others\n${run}`)),
  breaks('a port that is too high', '78600', py(`EXPOSE 78600\n${run}`)),
  works('a port as Compose writes it', py(`EXPOSE 7860:7860\n${run}`)),
  works('ports', py(`EXPOSE 7860/tcp 8000-8010\n${run}`)),
  breaks('an image in capitals', 'capitals', raw(`FROM Python:3.12-slim\n${run}`)),
  breaks('an image in capitals, from a host', 'capitals', raw(`FROM ghcr.io/Acme/App:1\n${run}`)),
  works('a stage in capitals', raw(`FROM python:3.12-slim AS Base\nFROM Base\n${run}`)),
  works('a tag in capitals', raw(`FROM ghcr.io/acme/app:V1\n${run}`)),
  works('a variable in the old form', py(`ENV OPTIONS a b=c\nARG A B=2\n${run}`)),
]

/** Instructions and commands that Docker or the shell reads in another way than is meant. */
export const brokenCommands: readonly Space[] = [...lists, ...source, ...marks, ...documents, ...instructions]
