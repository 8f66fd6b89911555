"""What may go wrong with the cache, whichever it is."""

from redis.exceptions import RedisError

CACHE_ERRORS = (OSError, RedisError)
