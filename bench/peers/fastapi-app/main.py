"""The routes of the example app for tasks, on FastAPI and SQLAlchemy as their documentation shows them, on a SQLite file."""

import os
import uuid
from datetime import datetime, timezone
from typing import Iterator, List, Optional

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy import Boolean, Column, Index, String, Text, create_engine, event
from sqlalchemy.orm import Session, declarative_base, sessionmaker
from sqlalchemy.pool import QueuePool

# SQLAlchemy 2 keeps connections to a file by itself; before, it made one for each request.
engine = create_engine(
    "sqlite:///" + os.environ["DATABASE"], connect_args={"check_same_thread": False}, poolclass=QueuePool
)
make_session = sessionmaker(bind=engine, autocommit=False, autoflush=False)
Base = declarative_base()


@event.listens_for(engine, "connect")
def set_up(connection, _record) -> None:
    """What guides to SQLite on servers recommend, with each commit on the disk, as on the other sides."""
    for pragma in ("busy_timeout = 30000", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute("PRAGMA " + pragma)


class Task(Base):
    __tablename__ = "tasks"
    __table_args__ = (Index("tasks_created_at_id", "created_at", "id"), Index("tasks_title_id", "title", "id"))
    id = Column(String(36), primary_key=True)
    title = Column(String(200), nullable=False)
    description = Column(Text, nullable=False)
    completed = Column(Boolean, nullable=False)
    created_at = Column(String(24), nullable=False)
    updated_at = Column(String(24), nullable=False)


class TaskInput(BaseModel):
    title: str = Field(min_length=1, max_length=200)
    description: str = Field(default="", max_length=5_000)
    completed: bool = False


class TaskAnswer(TaskInput):
    id: str
    created_at: str = Field(alias="createdAt")
    updated_at: str = Field(alias="updatedAt")

    class Config:
        orm_mode = True
        allow_population_by_field_name = True


class TaskPage(BaseModel):
    items: List[TaskAnswer]
    next_cursor: Optional[str] = Field(alias="nextCursor")
    total: Optional[int]

    class Config:
        allow_population_by_field_name = True


def get_db() -> Iterator[Session]:
    db = make_session()
    try:
        yield db
    finally:
        db.close()


Base.metadata.create_all(engine)
app = FastAPI()


@app.get("/tasks", response_model=TaskPage)
def list_tasks(limit: int = Query(default=20, ge=1, le=100), db: Session = Depends(get_db)):
    rows = db.query(Task).order_by(Task.created_at.desc(), Task.id.desc()).limit(limit + 1).all()
    items = rows[:limit]
    return TaskPage(items=items, next_cursor=items[-1].id if len(rows) > limit else None, total=None)


@app.get("/tasks/{task_id}", response_model=TaskAnswer)
def read_task(task_id: str, db: Session = Depends(get_db)):
    task = db.get(Task, task_id)
    if task is None:
        raise HTTPException(status_code=404)
    return task


@app.post("/tasks", response_model=TaskAnswer, status_code=201)
def create_task(given: TaskInput, response: Response, db: Session = Depends(get_db)):
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    task = Task(id=str(uuid.uuid4()), created_at=now, updated_at=now, **given.dict())
    db.add(task)
    db.commit()
    db.refresh(task)
    response.headers["Location"] = f"/tasks/{task.id}"
    return task


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]))
