"""The private instances do what the tests rely on."""

from tests.instances import PostgresInstance, RedisInstance


def test_redis_forgets_everything_in_a_restart(redis_instance: RedisInstance) -> None:
    redis_instance.client().set("key", "value")

    redis_instance.kill()
    redis_instance.start()

    assert redis_instance.client().get("key") is None


def test_postgres_gives_each_test_an_empty_database(postgres: PostgresInstance, postgres_url: str) -> None:
    assert postgres_url.startswith(f"postgres://postgres@127.0.0.1:{postgres.port}/test_")
