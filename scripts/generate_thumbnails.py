"""Write what the start page's thumbnails are drawn from: real samples, small enough to ship.

Run from the repository's root; it needs scikit-learn, which holds the data offline.
"""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image
from sklearn.datasets import load_digits, load_iris, load_sample_image, load_wine

FOLDER = Path("ui/theme/pictures")
CROP = 96
# Left, top and side of the squares cut from each picture.
CROPS = {
    "china.jpg": ((190, 40, 180), (60, 130, 180), (90, 20, 330)),
    "flower.jpg": ((190, 30, 260), (240, 120, 140), (120, 60, 330)),
}
WINE_COLUMNS = ("alcohol", "hue", "proline")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    digits, iris, wine = load_digits(), load_iris(), load_wine()
    chosen = [int((digits.target == digit).nonzero()[0][row]) for row in range(2) for digit in range(10)]
    columns = [wine.feature_names.index(name) for name in WINE_COLUMNS]
    samples = {
        "digits": [digits.images[index].astype(int).ravel().tolist() for index in chosen[:18]],
        "flowers": [
            [float(row[2]), float(row[3]), int(kind)] for row, kind in zip(iris.data, iris.target, strict=True)
        ],
        "table": {
            "columns": [*WINE_COLUMNS, "class"],
            "rows": [
                [*(f"{wine.data[index, column]:g}" for column in columns), str(wine.target_names[wine.target[index]])]
                for index in (0, 60, 135, 20, 90)
            ],
        },
    }
    text = json.dumps(samples, separators=(",", ":"))
    (FOLDER / "samples.json").write_text(text + "\n", encoding="utf-8")
    for name, crops in CROPS.items():
        picture = Image.fromarray(load_sample_image(name))
        for number, (left, top, side) in enumerate(crops):
            cut = picture.crop((left, top, left + side, top + side)).resize((CROP, CROP), Image.Resampling.LANCZOS)
            cut.save(FOLDER / f"{Path(name).stem}-{number}.jpg", quality=85)


if __name__ == "__main__":
    main()
