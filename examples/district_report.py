"""What a user of pandas does with a district:  python examples/district_report.py examples/huyen_vi_du OUTPUT"""

import sys
from pathlib import Path

import cchc_excel as cchc


def report(district: Path, output: Path) -> None:
    """List the findings by unit, correct, merge, and chart the rate of dossiers settled on time."""
    form, came_in = cchc.load_form(), sorted((district / "nop").glob("[!~]*"))
    examinations = [cchc.examine(path, form) for path in came_in]
    findings = cchc.findings_frame(examinations)
    serious = findings[findings["severity"] >= "warning"]
    print(serious.groupby("unit")["code"].agg(["count", " ".join]).to_string(header=False))
    for path, examination in zip(came_in, examinations, strict=True):
        if examination.readable:
            (output / f"{path.stem}.xlsx").write_bytes(cchc.correct(path, form).data)

    merged = cchc.consolidate(came_in, form, unit="UBND huyện Ví Dụ", roster=district / "danh_sach.csv")
    (output / "TongHop.xlsx").write_bytes(merged.data)
    print("Chưa có số liệu:", ", ".join(line.name or line.others[0] for line in merged.standing if line.counts is None))

    on_time = cchc.figures_frame(examinations)["3.3.1"].groupby("unit").last().dropna().sort_values()
    for unit, rate in on_time.items():
        print(f"{unit:<22}{'█' * round(rate / 4)} {rate:g}%")


if __name__ == "__main__":
    report(Path(sys.argv[1]), Path(sys.argv[2]))
