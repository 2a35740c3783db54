"""The command line: a command is a sentence, and all logic is elsewhere.

Results go to stdout, everything else to stderr; both are UTF-8 whatever the console's code page. Annotations are values
here, not texts: Typer would evaluate each of the texts, of all commands, at every start.
"""

import gc
import sys
from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from cchc_excel.commands.command_classes import Command, CommandGroup, Group

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Options = TypeVar("Options", bound=DataclassInstance)

app = typer.Typer(
    name="cchc",
    cls=Group,
    help="Kiểm tra, sửa và tổng hợp biểu thống kê cải cách hành chính trong Excel.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


OBJECTS_BEFORE_COLLECTING = 100_000
"""How many objects may be made before the collector of cycles looks at them: what a start makes, a tenth faster."""


class Lang(StrEnum):
    """The language of everything that is printed."""

    VI = "vi"
    EN = "en"


class OutputFormat(StrEnum):
    """How findings are shown."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


class Format(StrEnum):
    """How it is told what a command did."""

    TABLE = "table"
    JSON = "json"


class Apply(StrEnum):
    """Which proposals a correction carries out."""

    SAFE = "safe"
    NONE = "none"
    SUGGESTED = "suggested"


class Threshold(StrEnum):
    """The severity from which on a finding makes the command fail."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    NEVER = "never"


Workbooks = Annotated[
    list[Path], typer.Argument(help="Các tệp biểu, hoặc thư mục chứa chúng.", show_default=False, metavar="TỆP…")
]
FormOption = Annotated[
    str | None,
    typer.Option(
        "--form",
        help="Thư mục mẫu biểu khác (có form.yaml), hoặc tên mẫu có sẵn; không chọn thì theo kỳ báo cáo.",
        metavar="THƯ MỤC",
    ),
]
LangOption = Annotated[Lang, typer.Option("--lang", help="Ngôn ngữ: vi hoặc en.", envvar="CCHC_LANG")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Ghi ra tệp này thay vì in ra màn hình.")]
Force = Annotated[bool, typer.Option("--force", help="Ghi đè tệp đã có.")]
UnitOption = Annotated[
    str | None,
    typer.Option(
        "--unit", help="Tên đơn vị: dùng khi biểu không ghi, và để chọn khi biểu ghi hai tên khác nhau.", metavar="TÊN"
    ),
]
PeriodOption = Annotated[
    str | None,
    typer.Option(
        "--period",
        help="Kỳ báo cáo (2025-Q3, 2025-08, 2025-H1, 2025-9M, 2025): dùng khi biểu không ghi, "
        "và để chọn khi biểu ghi hai kỳ khác nhau.",
        metavar="KỲ",
    ),
]
OverrideOption = Annotated[
    bool,
    typer.Option("--override", help="Lấy đơn vị, kỳ báo cáo nêu ở --unit, --period thay cho điều ghi trong biểu."),
]
PreviousOption = Annotated[
    list[Path] | None, typer.Option("--previous", help="Biểu kỳ trước của cùng đơn vị (tệp hoặc thư mục).")
]
DebugOption = Annotated[bool, typer.Option("--debug", help="In chi tiết khi chương trình gặp lỗi.")]
JobsOption = Annotated[
    int | None, typer.Option("--jobs", min=1, help="Số tiến trình; mặc định mỗi nhân một tiến trình khi có nhiều tệp.")
]
ClusterOption = Annotated[str | None, typer.Option("--cluster", help="Địa chỉ cụm Dask, ví dụ tcp://máy:8786.")]
RecursiveOption = Annotated[
    bool, typer.Option("--recursive/--no-recursive", help="Vào cả thư mục con; --no-recursive thì không.")
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        help="Chỉ xét các phát hiện có mã này hoặc mã bắt đầu như vậy, ví dụ A02,L. Phát hiện khác không được nêu, "
        "không được đếm và không được sửa; biểu vẫn được đọc như cũ, và tệp không đọc được thì luôn được nêu.",
        metavar="MÃ",
    ),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore", help="Không xét các phát hiện có mã này hoặc mã bắt đầu như vậy, kể cả khi sửa.", metavar="MÃ"
    ),
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="Cách trình bày: table để đọc, json cho chương trình khác.")
]
QuietOption = Annotated[
    bool, typer.Option("--quiet", "-q", help="Không in kết quả, chỉ in lỗi; xem mã trả về và các tệp được ghi.")
]
ResumeOption = Annotated[bool, typer.Option("--resume", help="Bỏ qua tệp không thay đổi từ lần chạy trước.")]


@app.command(
    cls=Command,
    epilog="Ví dụ:  cchc validate BangLang.xlsx   ·   cchc validate bieu_quy1/ --format html -o ket_qua.html",
)
def validate(
    files: Workbooks,
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: Annotated[  # noqa: A002 - the option's name
        OutputFormat,
        typer.Option("--format", help="Cách trình bày: table để đọc, json cho chương trình khác, html để gửi hoặc in."),
    ] = OutputFormat.TABLE,
    fail_on: Annotated[
        Threshold, typer.Option("--fail-on", help="Phát hiện từ mức này trở lên làm lệnh trả về 1.")
    ] = Threshold.ERROR,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    previous: PreviousOption = None,
    unit: UnitOption = None,
    period: PeriodOption = None,
    override: OverrideOption = False,
    output: Output = None,
    force: Force = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Liệt kê từng lưu ý, không gộp.")] = False,
    recursive: RecursiveOption = True,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    resume: ResumeOption = False,
    debug: DebugOption = False,
) -> None:
    """Kiểm tra các biểu và in ra điều chưa khớp."""
    from cchc_excel.commands.validate import ValidateOptions, run_validate

    raise typer.Exit(run_validate(_options(ValidateOptions, locals())))


@app.command(
    cls=Command,
    epilog="Ví dụ:  cchc correct BangLang.xlsx -o da_sua/   ·   cchc correct BangLang.xlsx -o moi/ --decisions da_sua/",
)
def correct(
    files: Workbooks,
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục chứa các bản đã sửa.", show_default=False)],
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    apply: Annotated[
        Apply, typer.Option("--apply", help="safe: chỉ sửa điều chắc chắn; none: chỉ đánh dấu; suggested: cả đề xuất.")
    ] = Apply.SAFE,
    decisions: Annotated[
        list[Path] | None,
        typer.Option(
            "--decisions",
            help="Bản đã sửa (tệp hoặc thư mục) có cột Quyết định đã chọn, hoặc tệp do --sheet ghi ra: "
            "sửa đúng các ô được nhận. Dùng được nhiều lần.",
        ),
    ] = None,
    decided_by: Annotated[
        str | None,
        typer.Option(
            "--decided-by",
            help="Họ tên người quyết định: ghi bên cạnh mỗi quyết định được thực hiện và mỗi cảnh báo đã giải trình "
            "mà chưa ghi tên ai.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ cho biết sẽ sửa gì, không ghi tệp nào.")] = False,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet", help="Ghi mọi điều cần quyết định của các đơn vị vào một tệp .xlsx, để dùng với --decisions."
        ),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Trả lại số trước khi sửa, theo trang Phát hiện của bản đã sửa.")
    ] = False,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    previous: PreviousOption = None,
    unit: UnitOption = None,
    period: PeriodOption = None,
    override: OverrideOption = False,
    force: Force = False,
    recursive: RecursiveOption = True,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    resume: ResumeOption = False,
    debug: DebugOption = False,
) -> None:
    """Ghi bản đã sửa của các biểu, kèm trang Phát hiện; tệp gốc giữ nguyên."""
    from cchc_excel.commands.correct import CorrectOptions, run_correct

    raise typer.Exit(run_correct(_options(CorrectOptions, locals())))


@app.command(
    cls=Command, epilog="Ví dụ:  cchc diff BangLang.xlsx da_sua/BangLang.xlsx   ·   cchc diff nop_lan_1/ nop_lan_2/"
)
def diff(
    before: Annotated[
        Path, typer.Argument(help="Biểu thứ nhất, hoặc thư mục các biểu.", show_default=False, metavar="TRƯỚC")
    ],
    after: Annotated[
        Path, typer.Argument(help="Biểu thứ hai, hoặc thư mục các biểu.", show_default=False, metavar="SAU")
    ],
    form: FormOption = None,
    findings: Annotated[
        bool, typer.Option("--findings", help="So sánh cả các phát hiện: đã hết, đã giải trình, còn lại, mới có.")
    ] = False,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """So sánh số liệu của hai biểu cùng mẫu, theo từng chỉ tiêu."""
    from cchc_excel.commands.diff import DiffOptions, run_diff

    raise typer.Exit(run_diff(_options(DiffOptions, locals())))


@app.command(cls=Command, epilog="Ví dụ:  cchc inspect BangLang.xlsx")
def inspect(
    files: Workbooks,
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    unit: UnitOption = None,
    period: PeriodOption = None,
    output: Output = None,
    force: Force = False,
) -> None:
    """Cho biết biểu được hiểu thế nào: bảng ở đâu, cột nào, dòng nào là chỉ tiêu nào, vì sao."""
    from cchc_excel.commands.inspect import InspectOptions, run_inspect

    raise typer.Exit(run_inspect(_options(InspectOptions, locals())))


@app.command(cls=Command, epilog="Ví dụ:  cchc explain A02")
def explain(
    code: Annotated[str, typer.Argument(help="Mã của phát hiện, ví dụ A02.", metavar="MÃ")],
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """Giải thích một mã: kiểm tra điều gì, vì sao, cần làm gì."""
    from cchc_excel.commands.explain import ExplainOptions, run_explain

    run_explain(_options(ExplainOptions, locals()))


rules_app = typer.Typer(
    name="rules",
    cls=CommandGroup,
    help="In ra, xuất ra trang tính và nhận lại các quy tắc của mẫu biểu.",
    rich_markup_mode=None,
)
app.add_typer(rules_app)


@rules_app.callback(invoke_without_command=True, epilog="Ví dụ:  cchc rules -o docs/rules.md")
def rules(
    context: typer.Context,
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    output: Output = None,
    force: Force = False,
) -> None:
    """In ra toàn bộ quy tắc kiểm tra của mẫu biểu."""
    if context.invoked_subcommand is not None:
        return
    from cchc_excel.commands.explain import ExplainOptions, run_rules

    run_rules(_options(ExplainOptions, locals()))


RuleSheet = Annotated[
    Path, typer.Argument(help="Trang tính của các quy tắc (.xlsx).", show_default=False, metavar="TỆP")
]


@rules_app.command(cls=Command, name="export", epilog="Ví dụ:  cchc rules export QuyTac.xlsx --form cchc_xa_2025")
def rules_export(
    sheet: RuleSheet,
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    force: Force = False,
) -> None:
    """Ghi các quy tắc của mẫu biểu ra một trang tính, mỗi quy tắc một dòng, để đọc và sửa."""
    from cchc_excel.commands.rules import run_rules_export

    run_rules_export(sheet, form=form or "", language=lang.value, force=force)


@rules_app.command(cls=Command, name="import", epilog="Ví dụ:  cchc rules import QuyTac.xlsx -o rules/mau_da_sua/")
def rules_import(
    sheet: RuleSheet,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Thư mục mẫu biểu nhận các quy tắc.", show_default=False)
    ],
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    force: Force = False,
) -> None:
    """Nhận lại các quy tắc từ trang tính; chỗ nào sai thì báo ô đó và không ghi gì."""
    from cchc_excel.commands.rules import run_rules_import

    raise typer.Exit(
        run_rules_import(sheet, output=output, form=form or "", language=lang.value, force=force, quiet=quiet)
    )


@app.command(
    cls=Command,
    epilog="Ví dụ:  cchc template -o BieuThongKe.xlsx --unit 'UBND xã Bằng Lăng' --period 2023-Q1"
    "   ·   cchc template --roster danh_sach.csv --period 2023-Q2 --previous bieu_quy1/ -o bieu_quy2/",
)
def template(
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    unit: Annotated[str | None, typer.Option("--unit", help="Tên đơn vị được ghi sẵn vào biểu.", metavar="TÊN")] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            help="Kỳ được ghi sẵn, cũng chọn mẫu của kỳ đó: 2025-Q3, 2025-08, 2025-H1, 2025-9M, 2025.",
            metavar="KỲ",
        ),
    ] = None,
    roster: Annotated[
        Path | None, typer.Option("--roster", help="Danh sách đơn vị: tạo cho mỗi đơn vị một biểu, vào thư mục -o.")
    ] = None,
    previous: Annotated[
        list[Path] | None, typer.Option("--previous", help="Biểu kỳ trước của đơn vị: số kỳ trước hiện ở cột màu xám.")
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Tệp biểu mẫu được tạo; với --roster là thư mục.")
    ] = Path("BieuThongKe.xlsx"),
    force: Force = False,
) -> None:
    """Tạo biểu mẫu Excel trống để đơn vị điền; không nêu --period hoặc --form thì theo mẫu đang áp dụng."""
    from cchc_excel.commands.template import TemplateOptions, run_template

    raise typer.Exit(run_template(_options(TemplateOptions, locals())))


class Level(StrEnum):
    """The level that the merged workbook is for."""

    HUYEN = "huyen"
    TINH = "tinh"


@app.command(
    cls=Command,
    epilog="Ví dụ:  cchc consolidate bieu_quy1/ -o TongHop.xlsx --roster danh_sach.csv --unit 'UBND huyện Chợ Đồn'",
)
def consolidate(
    files: Workbooks,
    output: Annotated[Path, typer.Option("--output", "-o", help="Tệp tổng hợp được tạo.", show_default=False)],
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    roster: Annotated[
        Path | None, typer.Option("--roster", help="Danh sách đơn vị phải nộp (.xlsx, .xls, .ods, .csv…).")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            help="Kỳ được tổng hợp: 2025-Q3, 2025-08, 2025-H1, 2025-9M hoặc 2025; cũng là kỳ của biểu không ghi kỳ.",
            metavar="KỲ",
        ),
    ] = None,
    level: Annotated[Level | None, typer.Option("--level", help="Cấp tổng hợp: huyen hoặc tinh.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Tên cơ quan tổng hợp.")] = None,
    corrected: Annotated[
        bool,
        typer.Option("--corrected/--as-reported", help="Lấy số sau khi sửa điều chắc chắn, hoặc đúng như đã báo cáo."),
    ] = True,
    exclude_errors: Annotated[bool, typer.Option("--exclude-errors", help="Không tính đơn vị còn lỗi.")] = False,
    previous: Annotated[
        list[Path] | None, typer.Option("--previous", help="Biểu kỳ trước của các đơn vị, hoặc bản tổng hợp kỳ trước.")
    ] = None,
    own: Annotated[Path | None, typer.Option("--own", help="Biểu của chính cơ quan tổng hợp.")] = None,
    decisions: Annotated[
        list[Path] | None,
        typer.Option("--decisions", help="Tệp quyết định (do cchc correct --sheet ghi ra): lấy cả số đã được nhận."),
    ] = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    tidy: Annotated[
        Path | None,
        typer.Option("--tidy", help="Ghi thêm các bảng phẳng (.csv hoặc .parquet): số liệu, phát hiện, số tổng hợp."),
    ] = None,
    recursive: RecursiveOption = True,
    jobs: JobsOption = None,
    cluster: ClusterOption = None,
    force: Force = False,
    debug: DebugOption = False,
) -> None:
    """Tổng hợp biểu của nhiều đơn vị thành một tệp: biểu chung, chi tiết, phát hiện, tình trạng nộp, so sánh, nguồn."""
    from cchc_excel.commands.consolidate import ConsolidateOptions, run_consolidate

    raise typer.Exit(run_consolidate(_options(ConsolidateOptions, locals())))


@app.command(
    cls=Command,
    epilog="Ví dụ:  cchc letters bieu_quy1/ -o thu/ --roster danh_sach.csv --unit 'UBND huyện Chợ Đồn' "
    "--due 20/03/2023",
)
def letters(
    files: Workbooks,
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục chứa các thư.", show_default=False)],
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    unit: Annotated[
        str | None, typer.Option("--unit", help="Tên cơ quan gửi thư; không nêu thì để trống.", metavar="TÊN")
    ] = None,
    due: Annotated[
        str | None,
        typer.Option("--due", help="Hạn gửi lại biểu, ví dụ 20/03/2023; không nêu thì để trống.", metavar="NGÀY"),
    ] = None,
    roster: Annotated[
        Path | None, typer.Option("--roster", help="Danh sách đơn vị phải nộp (.xlsx, .xls, .ods, .csv…).")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="Kỳ báo cáo; mặc định là kỳ của phần lớn các biểu.", metavar="KỲ")
    ] = None,
    decisions: Annotated[
        list[Path] | None, typer.Option("--decisions", help="Tệp quyết định: điều đã quyết định không nêu trong thư.")
    ] = None,
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    previous: PreviousOption = None,
    jobs: JobsOption = None,
    force: Force = False,
    debug: DebugOption = False,
) -> None:
    """Soạn cho mỗi đơn vị còn điều phải sửa một thư (.docx) và lời thư điện tử, cùng một trang tóm tắt."""
    from cchc_excel.commands.letters import LettersOptions, run_letters

    raise typer.Exit(run_letters(_options(LettersOptions, locals())))


form_app = typer.Typer(
    name="form", cls=Group, help="Lập, kiểm tra và xem một mẫu biểu khác.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(form_app)
FolderArgument = Annotated[
    Path, typer.Argument(help="Thư mục mẫu biểu (có form.yaml).", show_default=False, metavar="THƯ MỤC")
]


@form_app.command(cls=Command, name="scaffold", epilog="Ví dụ:  cchc form scaffold BieuTrong.xlsx -o rules/mau_moi/")
def form_scaffold(
    blank: Annotated[Path, typer.Argument(help="Biểu trống, có bảng chỉ tiêu.", show_default=False, metavar="TỆP")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Thư mục mẫu biểu được tạo.", show_default=False)],
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    force: Force = False,
) -> None:
    """Lập bản nháp form.yaml từ một biểu trống; mỗi phỏng đoán có lý do."""
    from cchc_excel.commands.form import FormFolderOptions, run_form_scaffold

    raise typer.Exit(run_form_scaffold(_options(FormFolderOptions, {**locals(), "source": blank})))


@form_app.command(cls=Command, name="check", epilog="Ví dụ:  cchc form check rules/mau_moi/")
def form_check(
    folder: FolderArgument,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """Kiểm tra một thư mục mẫu biểu và giải thích mọi chỗ sai."""
    from cchc_excel.commands.form import FormFolderOptions, run_form_check

    raise typer.Exit(run_form_check(_options(FormFolderOptions, {**locals(), "source": folder})))


@form_app.command(cls=Command, name="coverage", epilog="Ví dụ:  cchc form coverage BangLang.xlsx -o bao_phu.html")
def form_coverage(
    workbook: Annotated[
        Path, typer.Argument(help="Biểu đã ghi đủ và đúng, để thử từng lỗi.", show_default=False, metavar="TỆP")
    ],
    form: FormOption = None,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    output: Output = None,
    force: Force = False,
) -> None:
    """Thử từng lỗi đơn ở mỗi chỉ tiêu và cho biết quy tắc nào phát hiện được."""
    from cchc_excel.commands.form import FormFolderOptions, run_form_coverage

    raise typer.Exit(run_form_coverage(_options(FormFolderOptions, {**locals(), "source": workbook})))


@form_app.command(cls=Command, name="show", epilog="Ví dụ:  cchc form show rules/mau_moi/")
def form_show(
    folder: FolderArgument,
    lang: LangOption = Lang.VI,
    quiet: QuietOption = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """In một mẫu biểu: dòng, loại, liên hệ và quy tắc."""
    from cchc_excel.commands.form import FormFolderOptions, run_form_show

    raise typer.Exit(run_form_show(_options(FormFolderOptions, {**locals(), "source": folder})))


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="In phiên bản.", is_eager=True)] = False,
) -> None:
    if version:
        from cchc_excel import __version__

        typer.echo(f"cchc-excel {__version__}")
        raise typer.Exit


def _options(of_command: "type[Options]", parameters: Mapping[str, Any]) -> "Options":
    """The options of a command from its parameters, which are named as these; what was not typed keeps its default.

    `parameters` are the `locals()` of the command, so that each option is named once there, with its help.
    """
    names = {field.name for field in fields(of_command)}
    typed = {name: value for name, value in parameters.items() if name in names and value is not None}
    return of_command(**{name: str(value) if isinstance(value, StrEnum) else value for name, value in typed.items()})


def main() -> NoReturn:
    """Run the command line and leave with its exit status: 0, 1, or 2 if the command could not be carried out."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTING)
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="replace")
    from cchc_excel.commands.refusals import guarded

    sys.exit(guarded(lambda: app(standalone_mode=False), sys.argv[1:]))
