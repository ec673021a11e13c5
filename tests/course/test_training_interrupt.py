"""The stop button: pressed at any moment, it leaves whole steps, in a terminal and in a kernel."""

import random
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from course.layers import Linear
from course.losses import HalfSquaredError
from course.optimizers import Adam
from course.training import fit
from course.training.interrupt import stop_button

# A network large enough that most of the time is spent within steps, whose optimizer works piece by piece.
PROGRAM = """
import numpy as np
from course import Adam, BatchNorm, HalfSquaredError, Linear, Sequential, Tanh, fit, minibatches, training_step
X = np.random.default_rng(0).standard_normal((64, 300))
y = X[:, :1]
def made():
    rng = np.random.default_rng(1)
    return Sequential(Linear(300, 400, rng=rng), BatchNorm(400), Tanh(), Linear(400, 1, rng=rng)), Adam(0.001)
network, optimizer = made()
print("ready", flush=True)
history = fit(network, HalfSquaredError(), optimizer, X, y, epochs=10**6, batch_size=8, rng=np.random.default_rng(2),
              validation=(X, y))
twin, twin_optimizer = made()
rng = np.random.default_rng(2)
while twin_optimizer.t < optimizer.t:
    for x, t in minibatches(X, y, 8, rng=rng):
        if twin_optimizer.t < optimizer.t:
            training_step(twin, HalfSquaredError(), twin_optimizer, x, t)
states = [{**n.named_state(), **o.named_state()} for n, o in ((network, optimizer), (twin, twin_optimizer))]
whole = all((states[0][name] == states[1][name]).all() for name in states[0])
even = len(history.train_loss) == len(history.validation_loss) == len(history.learning_rate)
usable = np.isfinite(network.forward(X)).all()
print(history.stopped, bool(whole and even and usable), optimizer.t > 0)
"""


@pytest.mark.parametrize("seed", range(6))
def test_a_signal_at_a_random_moment_leaves_a_whole_number_of_steps(seed):
    child = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stdout.readline() == "ready\n"
        time.sleep(random.Random(seed).uniform(0.05, 0.6))
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
    finally:
        child.kill()
    assert out == "interrupted True True\n", out + err


NOTEBOOK = """
import sys, threading
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="python3")
presser = threading.Timer(1.5, manager.interrupt_kernel)
def note(message):
    content = message["content"]
    if message["msg_type"] == "stream":
        if "ready" in content["text"]:
            presser.start()
        print(content["text"], end="")
    elif message["msg_type"] == "error":
        print(content["ename"], content["evalue"])
try:
    for cell in (sys.argv[1], "print('the kernel lives', len(history) >= 0)"):
        client.execute_interactive(cell, timeout=60, output_hook=note)
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""


def test_the_stop_button_of_a_notebook_leaves_a_whole_number_of_steps():
    pytest.importorskip("ipykernel")
    # In a process of its own: the client leaves sockets and an event loop behind.
    command = [sys.executable, "-c", NOTEBOOK, PROGRAM]
    child = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert child.stdout.splitlines() == ["ready", "interrupted True True", "the kernel lives True"], child.stderr


class SlowAdam(Adam):
    """Is interrupted in the middle of its third step, and takes note of the steps that it has finished."""

    def rule(self, w, g, eta, t, *state):
        if t == 3:
            signal.raise_signal(signal.SIGINT)
        super().rule(w, g, eta, t, *state)
        self.finished = t


def run(optimizer, **options):
    X = np.random.default_rng(0).standard_normal((12, 2))
    line = Linear(2, 1, rng=np.random.default_rng(0))
    return line, fit(
        line, HalfSquaredError(), optimizer, X, X[:, :1], epochs=5, batch_size=4, rng=np.random.default_rng(1), **options
    )


def test_a_press_within_a_step_waits_for_its_end():
    optimizer = SlowAdam(0.01)
    _, history = run(optimizer)
    assert history.stopped == "interrupted"
    assert optimizer.t == optimizer.finished == 3


def test_a_press_within_a_callback_ends_it_at_once():
    seen = []

    def callback(epoch, network, history):
        seen.append(epoch)
        signal.raise_signal(signal.SIGINT)
        seen.append("never")

    _, history = run(Adam(0.01), callbacks=[callback])
    assert seen == [1]
    assert history.stopped == "interrupted"


def test_python_has_its_own_handler_back_after_a_training_however_it_ended():
    def fail(epoch, network, history):
        raise ValueError("failed")

    before = signal.getsignal(signal.SIGINT)
    run(Adam(0.01))
    run(SlowAdam(0.01))
    with pytest.raises(ValueError, match="failed"):
        run(Adam(0.01), callbacks=[fail])
    assert signal.getsignal(signal.SIGINT) is before


def test_a_handler_of_the_users_own_is_left_alone():
    presses = []
    before = signal.signal(signal.SIGINT, lambda *_: presses.append(1))
    try:
        _, history = run(SlowAdam(0.01))
    finally:
        signal.signal(signal.SIGINT, before)
    assert presses == [1]
    assert history.stopped is None


def test_a_training_within_a_training_is_as_safe():
    optimizers, ended = [SlowAdam(0.01) for _ in range(5)], []

    def train_another(epoch, network, history):
        ended.append(run(optimizers[epoch - 1])[1].stopped)

    _, history = run(Adam(0.01), callbacks=[train_another])
    assert ended == ["interrupted"] * 5
    assert [optimizer.finished for optimizer in optimizers] == [3] * 5
    assert history.stopped is None


def test_a_training_in_another_thread_runs_without_a_button():
    stopped = []
    thread = threading.Thread(target=lambda: stopped.append(run(Adam(0.01))[1].stopped))
    thread.start()
    thread.join()
    assert stopped == [None]


def press_while_holding(button, times):
    reached = []
    try:
        with button:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)
            reached.append("the end of the block")
        reached.append("beyond")
    except KeyboardInterrupt:
        return reached


def test_a_press_waits_for_the_end_of_the_block_and_a_second_one_does_not():
    with stop_button() as button:
        assert press_while_holding(button, 1) == ["the end of the block"]
        assert press_while_holding(button, 2) == []
        assert press_while_holding(button, 1) == ["the end of the block"]
