# SPDX-License-Identifier: MIT
"""Block-wise optimizers in plain numpy, written from their formulas, and the iterates that tests/optimizer/numpy_blocks.cpp compares with.

python3 numpy_blocks.py > numpy_blocks.txt   (numpy alone; every line: name, 16 entries of W after 100 steps, row by row, exact in decimal)

The problem: W is 4 x 4, loss 1/2 |A W - B|_F^2 + 1/4 sum W^4 with fixed A, B, W_0 below; ScaledGD takes W = L R^T with 4 x 2 factors and the quadratic part.
"""
import numpy as np

i, j = np.meshgrid(np.arange(4.0), np.arange(4.0), indexing="ij")
A = np.eye(4) + 0.3 * np.sin(1 + 3 * i + 5 * j)
B = np.cos(2 + 7 * i + 2 * j)
START = 0.5 * np.sin(3 + 2 * i + 11 * j)
FACTORS = 0.7 * np.cos(1 + 3 * i + 4 * j)[:, :2], 0.7 * np.sin(2 + 5 * i + 3 * j)[:, :2]


def gradient(W):
    return A.T @ (A @ W - B) + W**3


def descend(direction, rate, decay=0.0, steps=100):
    W = START.copy()
    for t in range(1, steps + 1):
        u = direction(t, gradient(W))
        W = (1 - rate * decay) * W - rate * u
    return W


def polar(G):
    U, s, V = np.linalg.svd(G)
    keep = s > 4 * np.finfo(float).eps * s[0]
    return U[:, keep] @ V[keep], s.sum()


def newton_schulz(B):
    X = B / (np.linalg.norm(B) + 1e-7)
    for _ in range(5):
        G = X @ X.T
        X = 3.4445 * X + (-4.7750 * G + 2.0315 * G @ G) @ X
    return X


def muon(scale, nesterov=True):
    m = np.zeros((4, 4))

    def direction(t, G):
        nonlocal m
        m = 0.95 * m + 0.05 * G
        return scale * newton_schulz(0.95 * m + 0.05 * G if nesterov else m)
    return direction


def shampoo(eps, every):
    L, R, l, r = eps * np.eye(4), eps * np.eye(4), None, None

    def root(M):
        d, Q = np.linalg.eigh(M)
        return Q * d**-0.25 @ Q.T

    def direction(t, G):
        nonlocal L, R, l, r
        L, R = L + G @ G.T, R + G.T @ G
        if (t - 1) % every == 0:
            l, r = root(L), root(R)
        return l @ G @ r
    return direction


def soap(rate=3e-3, b1=0.95, b2=0.95, eps=1e-8, decay=0.01, every=10, steps=100):
    W = START.copy()
    G = gradient(W)
    L, R = (1 - b2) * G @ G.T, (1 - b2) * G.T @ G
    QL, QR = np.linalg.eigh(L)[1][:, ::-1], np.linalg.eigh(R)[1][:, ::-1]
    M, V = np.zeros((4, 4)), np.zeros((4, 4))
    for k in range(1, steps):  # the first of the steps moves nothing
        G = gradient(W)
        M, V = b1 * M + (1 - b1) * G, b2 * V + (1 - b2) * (QL.T @ G @ QR) ** 2
        N = (QL.T @ M @ QR) / (np.sqrt(V) + eps)
        W = W - rate * np.sqrt(1 - b2**k) / (1 - b1**k) * QL @ N @ QR.T
        W = (1 - rate * decay) * W
        L, R = b2 * L + (1 - b2) * G @ G.T, b2 * R + (1 - b2) * G.T @ G
        if k % every == 0:
            p = np.argsort(-np.diag(QL.T @ L @ QL))
            q = np.argsort(-np.diag(QR.T @ R @ QR))
            QL, QR, V = np.linalg.qr(L @ QL[:, p])[0], np.linalg.qr(R @ QR[:, q])[0], V[p][:, q]
    return W


def scaled_gd(rate, damping, steps=100):
    L, R = FACTORS
    eye = damping * np.eye(2)
    for _ in range(steps):
        G = A.T @ (A @ L @ R.T - B)
        L, R = L - rate * G @ R @ np.linalg.inv(R.T @ R + eye), R - rate * G.T @ L @ np.linalg.inv(L.T @ L + eye)
    return L @ R.T


def hypentropy(rate, beta, steps=100):
    W = START.copy()
    for _ in range(steps):
        W = beta * np.sinh(np.arcsinh(W / beta) - rate * gradient(W))
    return W


def spectral_hypentropy(rate, beta, steps=100):
    W = START.copy()
    for _ in range(steps):
        U, s, V = np.linalg.svd(W)
        U, s, V = np.linalg.svd(U * np.arcsinh(s / beta) @ V - rate * gradient(W))
        W = U * (beta * np.sinh(s)) @ V
    return W


RESULTS = {
    "spectral_descent": descend(lambda t, G: polar(G)[0], 0.003),
    "spectral_descent_dual": descend(lambda t, G: polar(G)[0] * polar(G)[1], 0.02),
    "muon": descend(muon(1.0), 0.003, 0.1),
    "muon_plain": descend(muon(1.0, nesterov=False), 0.003),
    "muon_match_rms_adamw": descend(muon(0.2 * np.sqrt(4)), 0.003, 0.1),
    "shampoo": descend(shampoo(1e-4, 1), 0.05),
    "shampoo_every_7": descend(shampoo(1e-4, 7), 0.05),
    "soap": soap(),
    "scaled_gd": scaled_gd(0.1, 0.0),
    "scaled_gd_damped": scaled_gd(0.1, 0.2),
    "hypentropy": hypentropy(0.05, 0.3),
    "spectral_hypentropy": spectral_hypentropy(0.05, 0.3),
}
if __name__ == "__main__":
    for name, W in RESULTS.items():
        print(name, *(repr(float(w)) for w in W.flatten()))
