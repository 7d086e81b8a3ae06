# What a visitor of the program's own gallery sees: a drawing, widgets that the page answers and widgets that the server does.
from bokeh.io import curdoc
from bokeh.layouts import column
from bokeh.models import Button, ColumnDataSource, CustomJS, DataTable, Div, FileInput, Slider, TableColumn
from bokeh.plotting import figure

source = ColumnDataSource({"x": [1, 2, 3], "y": [1, 4, 9]})
plot = figure(height=300, output_backend="webgl", tools="pan,wheel_zoom,box_select,save,reset,hover")
plot.scatter("x", "y", source=source, size=12)
served = Div(text="<b style='color: rgb(1, 2, 3)'>no server yet</b>")
paged = Div(text="no page yet")
slider = Slider(start=0, end=10, value=1, title="width")
slider.on_change("value", lambda name, old, new: setattr(served, "text", f"server {new}"))
slider.js_on_change("value", CustomJS(args={"paged": paged}, code="paged.text = 'page ' + cb_obj.value"))
button = Button(label="open")
button.on_click(lambda: setattr(served, "text", "opened"))
table = DataTable(source=source, columns=[TableColumn(field="x", title="x")], height=100)
curdoc().add_root(column(plot, slider, served, paged, button, table, FileInput()))
