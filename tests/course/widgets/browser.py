"""A browser for tests: it speaks to a demo in the messages of the widgets' protocol, and notes what it is sent."""

from course.widgets.reel import unpack


class Browser:
    """Attaches to a demo; `reels` holds what came, `sizes` the bytes of each message."""

    def __init__(self, demo):
        self.demo, self.reels, self.sizes, self.moves = demo, [], [], 0
        demo.send_state = self._sent

    def _sent(self, key=None):
        keys = {key} if isinstance(key, str) else set(key or ())
        assert keys == {"reel"}, f"one binary trait is sent, not {keys}"
        self.reels.append(unpack(self.demo.reel))
        self.sizes.append(len(self.demo.reel))

    def move(self, **values):
        """Move controls; give the frame that comes back."""
        self.moves += 1
        state = {"values": dict(self.demo.values) | {"shown": False} | values | {"n": self.moves}}
        self._receive({"method": "update", "state": state, "buffer_paths": []})
        return self.reels[-1]["frames"][0] if self.reels and self.reels[-1]["frames"] else None

    def ask(self, **message):
        self._receive({"method": "custom", "content": message | {"n": self.moves}})
        return self.reels[-1]

    def _receive(self, data):
        self.demo._handle_msg({"content": {"data": data}, "buffers": []})
